package dev.volokno.engine;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * One wait for something the library itself brings about: the end of a fiber, a turn on a stream.
 * Exactly one of those who want to end the wait succeeds.
 *
 * <pre>
 *   EMPTY --fill()-----> FILLED      what was waited for has come
 *   EMPTY --abandon()--> ABANDONED   cancelled, or the deadline is over
 * </pre>
 */
public final class Cell {
    private static final int EMPTY = 0;
    private static final int FILLED = 1;
    private static final int ABANDONED = 2;

    private final AtomicInteger state = new AtomicInteger();
    private final Thread waiter;

    public Cell(Thread waiter) {
        this.waiter = waiter;
    }

    /** Ends the wait, from any thread; false if it has ended already. */
    public boolean fill() {
        return end(FILLED);
    }

    /** Gives up the wait, from any thread; false if it has ended already. */
    public boolean abandon() {
        return end(ABANDONED);
    }

    public boolean isEmpty() {
        return state.get() == EMPTY;
    }

    public boolean isFilled() {
        return state.get() == FILLED;
    }

    /** For a cell that only its own waiter ever ends. */
    void empty() {
        state.set(EMPTY);
    }

    private boolean end(int how) {
        if (!state.compareAndSet(EMPTY, how)) {
            return false;
        }
        LockSupport.unpark(waiter);
        return true;
    }
}
