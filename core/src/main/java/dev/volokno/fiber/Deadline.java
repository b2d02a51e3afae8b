package dev.volokno.fiber;

import dev.volokno.CancelledException;
import dev.volokno.DeadlineException;
import dev.volokno.engine.Bound;
import dev.volokno.engine.Strand;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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
        return within(allowed, strand, Bound.within(strand, allowed), body);
    }

    /** Runs {@code body} in {@code bound}, which ends after {@code allowed}. */
    static <T, X extends Exception> T within(
            Duration allowed, Strand strand, Bound bound, Call<T, X> body)
            throws X, DeadlineException {
        try {
            return inside(strand, bound, body);
        } catch (CancelledException e) {
            if (!isLate(strand, bound)) {
                throw e;
            }
            var late = new DeadlineException(allowed, e.transferred());
            late.addSuppressed(e);
            throw late;
        }
    }

    private static <T, X extends Exception> T inside(Strand strand, Bound bound, Call<T, X> body)
            throws X {
        @Nullable Bound before = strand.bound();
        strand.bound(bound);
        try {
            return body.call();
        } finally {
            strand.bound(before);
        }
    }

    /** What ended the block came from further out, or was this block's own time. */
    private static boolean isLate(Strand strand, Bound bound) {
        return !strand.endsOutside(bound) && bound.isOwnTimeOver();
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

    /**
     * Like {@link #within(Duration, Call)}, but being late is an answer here and no exception.
     *
     * @param body its result must not be null
     * @return the result; empty if the time was over before
     */
    public static <T, X extends Exception> Optional<T> tryWithin(Duration allowed, Call<T, X> body)
            throws X {
        Strand strand = Strand.current();
        Bound bound = Bound.within(strand, allowed);
        try {
            return Optional.of(inside(strand, bound, body));
        } catch (CancelledException e) {
            if (!isLate(strand, bound)) {
                throw e;
            }
            return Optional.empty();
        }
    }

    /**
     * Like {@link #within(Duration, Action)}, but being late is an answer here and no exception.
     *
     * @return whether the body came to its end
     */
    public static <X extends Exception> boolean tryWithin(Duration allowed, Action<X> body)
            throws X {
        return tryWithin(
                        allowed,
                        () -> {
                            body.run();
                            return true;
                        })
                .isPresent();
    }
}
