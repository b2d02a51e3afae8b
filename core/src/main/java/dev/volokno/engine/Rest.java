package dev.volokno.engine;

/** How an unconfined engine sleeps: not in the kernel, where it would hold a carrier. */
public interface Rest {
    /**
     * Waits up to {@code timeoutNanos} (negative: for ever) until the backend has something, or a
     * wake-up.
     */
    void await(long timeoutNanos);

    /** Ends {@link #await}, from any thread. */
    void wakeUp();
}
