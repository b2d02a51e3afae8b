package dev.volokno.fiber;

import dev.volokno.engine.Bound;
import dev.volokno.fiber.Ticker.Missed;
import java.time.Duration;

/** When a ticker's next tick is due. Times are those of the loop's clock. */
final class Beat {
    private final long period;
    private final Missed missed;
    private long next;

    Beat(Duration period, Missed missed, long now) {
        this.period = Bound.nanos(period);
        this.missed = missed;
        next = now + this.period;
    }

    long next() {
        return next;
    }

    /** The tick that was due is taken {@code now}: how many after it are left out. */
    long taken(long now) {
        // Those that are due by now, besides the one that is taken.
        long behind = Math.max(0, (now - next) / period);
        next =
                switch (missed) {
                    case SKIP -> next + (behind + 1) * period;
                    case BURST -> next + period;
                    case DELAY -> (behind == 0 ? next : now) + period;
                };
        return missed == Missed.BURST ? 0 : behind;
    }
}
