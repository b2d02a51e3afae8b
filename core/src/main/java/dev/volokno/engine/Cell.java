package dev.volokno.engine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One wait for something the library itself brings about: the end of a fiber, a turn on a stream.
 * Exactly one of those who want to end the wait succeeds. As a timer it is the wait's deadline.
 *
 * <pre>
 *   EMPTY --fill()-----> FILLED      what was waited for has come; of several things, which one
 *   EMPTY --abandon()--> ABANDONED   cancelled, or the deadline is over
 * </pre>
 */
public final class Cell extends Timer {
    private static final int EMPTY = 0;
    private static final int ABANDONED = -1;

    /** Or more than that by the index of what has come. */
    private static final int FILLED = 1;

    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(Cell.class, "state", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private volatile int state;
    private final Thread waiter;
    private final String what;
    private final Object of;
    private long since;

    /**
     * A wait of {@code waiter}'s; {@code what} and {@code of} tell a person what for, like {@code
     * the end of} and a fiber.
     */
    public Cell(Thread waiter, String what, Object of) {
        this.waiter = waiter;
        this.what = what;
        this.of = of;
    }

    /** Ends the wait, from any thread; false if it has ended already. */
    public boolean fill() {
        return fill(0);
    }

    /**
     * Ends the wait by the {@code index}-th of the things that were waited for, from any thread.
     */
    boolean fill(int index) {
        return end(FILLED + index);
    }

    /** Gives up the wait, from any thread; false if it has ended already. */
    public boolean abandon() {
        return end(ABANDONED);
    }

    public boolean isEmpty() {
        return state == EMPTY;
    }

    public boolean isFilled() {
        return state >= FILLED;
    }

    /** Which of the things that were waited for has come; negative if none has. */
    public int filledBy() {
        return state - FILLED;
    }

    /** For a cell that only its own waiter ever ends. */
    void empty() {
        state = EMPTY;
    }

    @Override
    protected void expired() {
        abandon();
    }

    private boolean end(int how) {
        if (!STATE.compareAndSet(this, EMPTY, how)) {
            return false;
        }
        LockSupport.unpark(waiter);
        return true;
    }

    /** The wait of one of {@code home}'s fibers begins, which is worth telling when. */
    void begun(@Nullable Engine home) {
        if (home != null) {
            since = home.turnedAt();
        }
    }

    /** The wait in words. */
    String tell(long now) {
        return "waits for " + what + " " + of + " since " + Age.seconds(now - since);
    }
}
