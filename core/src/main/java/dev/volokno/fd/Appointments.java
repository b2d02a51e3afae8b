package dev.volokno.fd;

import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;

/** Which time of a schedule is due, whatever happens to the clock. */
final class Appointments {
    /** A clock that is set back by more was wrong before. */
    private static final Duration CORRECTION = Duration.ofHours(3);

    private final Schedule schedule;

    /** No time up to this one is told any more. */
    private Instant done;

    private ZonedDateTime next;

    Appointments(Schedule schedule, Instant now) {
        this.schedule = schedule;
        done = now;
        next = schedule.next(now);
    }

    ZonedDateTime next() {
        return next;
    }

    /** Whether it is time, by a clock that shows {@code now}. */
    boolean isDue(Instant now) {
        if (now.isBefore(done.minus(CORRECTION))) {
            done = now;
            next = schedule.next(now);
        }
        return !next.toInstant().isAfter(now);
    }

    /** The time that is due is told: it, and those passed since. */
    ZonedDateTime taken(Instant now) {
        ZonedDateTime due = next;
        done = now.isAfter(due.toInstant()) ? now : due.toInstant();
        next = schedule.next(done);
        return due;
    }
}
