package dev.volokno.backend;

/** Who waits for an operation. */
public interface Completion {
    /**
     * The operation has ended with {@code result}: what the call returned, or the negated errno.
     */
    void completed(Operation operation, long result);
}
