package dev.volokno.backend;

/** Fails once, when it is told to: as a mistake in the machinery of a loop would. */
public final class FailingBackend implements Backend {
    private final Backend inner;
    private volatile boolean failing;

    public FailingBackend(Backend inner) {
        this.inner = inner;
    }

    /** Its next turn fails. */
    public void failNext() {
        failing = true;
    }

    @Override
    public void turn(long timeoutNanos) {
        if (failing) {
            failing = false;
            throw new IllegalStateException("the machinery's own");
        }
        inner.turn(timeoutNanos);
    }

    @Override
    public String name() {
        return inner.name();
    }

    @Override
    public long submit(Operation operation) {
        return inner.submit(operation);
    }

    @Override
    public void cancel(Operation operation) {
        inner.cancel(operation);
    }

    @Override
    public void wakeUp() {
        inner.wakeUp();
    }

    @Override
    public void forget(Handle handle) {
        inner.forget(handle);
    }

    @Override
    public void close() {
        inner.close();
    }
}
