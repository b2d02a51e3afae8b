package dev.volokno.backend;

/** Fails when it is told to: as a mistake in the machinery of a loop would, or a full kernel. */
public final class FailingBackend implements Backend {
    private final Backend inner;
    private volatile boolean failing;
    private volatile long refusal = PENDING;

    public FailingBackend(Backend inner) {
        this.inner = inner;
    }

    /** Its next turn fails. */
    public void failNext() {
        failing = true;
    }

    /** From now on it begins nothing, and answers {@code result}. */
    public void refuse(long result) {
        refusal = result;
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
        return refusal == PENDING ? inner.submit(operation) : refusal;
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
