package dev.volokno.backend;

import dev.volokno.linux.Errno;
import java.util.ArrayDeque;

/**
 * As if every call that may have to wait had answered EAGAIN at first: it is handed on in the next
 * turn, and no result is there at once.
 */
public final class LateBackend implements Backend {
    private static final long CANCELLED = -Errno.ECANCELED.number();

    private final Backend inner;
    private final ArrayDeque<Operation> held = new ArrayDeque<>();

    private final int longest;

    public LateBackend(Backend inner) {
        this(inner, Integer.MAX_VALUE);
    }

    /** And no transfer is longer than this many bytes. */
    public LateBackend(Backend inner, int longest) {
        this.inner = inner;
        this.longest = longest;
    }

    @Override
    public String name() {
        return inner.name();
    }

    @Override
    public long submit(Operation operation) {
        if (operation.handle == null || operation.readiness() == 0) {
            return inner.submit(operation);
        }
        operation.shorten(longest);
        held.add(operation);
        return PENDING;
    }

    @Override
    public void cancel(Operation operation) {
        if (held.remove(operation)) {
            operation.complete(CANCELLED);
        } else {
            inner.cancel(operation);
        }
    }

    @Override
    public void turn(long timeoutNanos) {
        boolean answered = false;
        for (int count = held.size(); count > 0 && !held.isEmpty(); count--) {
            answered |= handOn(held.remove());
        }
        inner.turn(answered || !held.isEmpty() ? 0 : timeoutNanos);
    }

    private boolean handOn(Operation operation) {
        long result = operation.comesTooLate() ? CANCELLED : inner.submit(operation);
        if (result == PENDING) {
            return false;
        }
        operation.complete(result);
        return true;
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
