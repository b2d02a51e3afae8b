package dev.volokno.fiber;

/**
 * Code with a result that may throw.
 *
 * @param <T> the result
 * @param <X> what it may throw
 */
@FunctionalInterface
public interface Call<T, X extends Exception> {
    /** Runs the code. */
    T call() throws X;
}
