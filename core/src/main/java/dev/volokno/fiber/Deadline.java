package dev.volokno.fiber;

import dev.volokno.CancelledException;
import dev.volokno.DeadlineException;
import dev.volokno.engine.Bound;
import dev.volokno.engine.Strand;
import java.time.Duration;

/**
 * Limits the time of a block of calls, whatever they wait for. Deadlines nest, and the nearest
 * counts. When it has passed, waits inside the block throw {@link CancelledException}; where the
 * block ends, that becomes a {@link DeadlineException}. So code inside never takes an outer
 * deadline for its own.
 */
public final class Deadline {
    private Deadline() {}

    /**
     * Runs {@code body}, which has {@code allowed} time from now. After zero or less its first call
     * of this library throws, as after any time that is over; one too long to count is no limit. A
     * result that comes late is still the result.
     *
     * @throws DeadlineException if the time was over before the body came to its end
     */
    public static <T, X extends Exception> T within(Duration allowed, Call<T, X> body)
            throws X, DeadlineException {
        Strand strand = Strand.current();
        Bound bound = Bound.within(allowed, strand.bound());
        strand.bound(bound);
        try {
            return body.call();
        } catch (CancelledException e) {
            // Cancelled from further out: that is where the exception has to arrive.
            if (strand.endsOutside(bound) || !bound.isOwnTimeOver()) {
                throw e;
            }
            var late = new DeadlineException(allowed, e.transferred());
            late.addSuppressed(e);
            throw late;
        } finally {
            strand.bound(bound.outer());
        }
    }

    /** Like {@link #within(Duration, Call)}, for a body without a result. */
    public static <X extends Exception> void within(Duration allowed, Action<X> body)
            throws X, DeadlineException {
        within(
                allowed,
                () -> {
                    body.run();
                    return true;
                });
    }
}
