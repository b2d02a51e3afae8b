package dev.volokno.file;

import java.time.Duration;
import java.util.Set;

/**
 * What a {@link FilesystemGuard} is asked about.
 *
 * @param extent how much is guarded
 * @param accesses what needs its answer
 * @param limit how long an access waits for an answer
 * @param allowUnanswered what is answered then, and to what comes when too much is unanswered
 */
public record GuardOptions(
        Extent extent, Set<Access> accesses, Duration limit, boolean allowUnanswered) {
    /** What a process wants to do with a file. */
    public enum Access {
        /** open(2) */
        OPEN,
        /** read(2) and its like */
        READ,
        /** execve(2), which is asked for beside OPEN */
        EXECUTE
    }

    /** Keeps a copy of the accesses. */
    public GuardOptions {
        accesses = Set.copyOf(accesses);
        if (accesses.isEmpty()) {
            throw new IllegalArgumentException("nothing to guard against");
        }
        if (limit.isNegative() || limit.isZero()) {
            throw new IllegalArgumentException("a limit of " + limit);
        }
    }

    /** Opening is asked for; what is not answered after five seconds is allowed. */
    public static GuardOptions of(Extent extent) {
        return new GuardOptions(extent, Set.of(Access.OPEN), Duration.ofSeconds(5), true);
    }

    /** With these accesses instead. */
    public GuardOptions asking(Access... asked) {
        return new GuardOptions(extent, Set.of(asked), limit, allowUnanswered);
    }

    /** Unanswered accesses are allowed after {@code time}. */
    public GuardOptions allowingAfter(Duration time) {
        return new GuardOptions(extent, accesses, time, true);
    }

    /** Unanswered accesses are denied, with {@code EPERM}, after {@code time}. */
    public GuardOptions denyingAfter(Duration time) {
        return new GuardOptions(extent, accesses, time, false);
    }
}
