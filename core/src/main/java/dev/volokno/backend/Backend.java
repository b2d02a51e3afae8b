package dev.volokno.backend;

/**
 * Carries out operations: submits them, cancels them, waits for the kernel and delivers
 * completions. One thread calls everything but {@link #wakeUp}; a completion is delivered on that
 * thread, in {@link #turn} or {@link #cancel}.
 */
public interface Backend {
    /** What {@link #submit} answers when the completion comes later. */
    long PENDING = Long.MIN_VALUE;

    /** The name by which it is chosen. */
    String name();

    /** Starts {@code operation}: its result if it is there at once, else {@link #PENDING}. */
    long submit(Operation operation);

    /**
     * Asks that a pending operation end. The completion is the answer: {@code -ECANCELED}, or the
     * result if that came first.
     */
    void cancel(Operation operation);

    /**
     * Hands over what was submitted, waits up to {@code timeoutNanos} (negative: for ever) and
     * delivers completions.
     */
    void turn(long timeoutNanos);

    /** Ends a wait in {@link #turn}, from any thread. */
    void wakeUp();

    /** The descriptor is about to be closed or given away; it has no pending operation any more. */
    void forget(Handle handle);

    /** Frees everything. No operation is pending. */
    void close();
}
