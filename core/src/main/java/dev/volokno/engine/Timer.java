package dev.volokno.engine;

/**
 * A deadline in a {@link TimerQueue}; the node is part of whatever waits, so that arming allocates
 * nothing.
 */
public abstract class Timer {
    static final int NOT_QUEUED = -1;

    long deadlineNanos;

    /** Equal deadlines expire in the order they were armed. */
    long sequence;

    int index = NOT_QUEUED;

    /** Runs on the loop's thread when the deadline is over, never before. */
    protected abstract void expired();

    public final boolean armed() {
        return index != NOT_QUEUED;
    }
}
