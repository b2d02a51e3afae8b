package dev.volokno.fiber;

/**
 * Code without a result that may throw.
 *
 * @param <X> what it may throw
 */
@FunctionalInterface
public interface Action<X extends Exception> {
    /** Runs the code. */
    void run() throws X;
}
