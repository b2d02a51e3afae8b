package dev.volokno.fiber;

import dev.volokno.engine.Engine;
import dev.volokno.engine.LoopTask;
import dev.volokno.engine.Place;
import dev.volokno.engine.Strand;
import dev.volokno.engine.Timer;
import java.time.Duration;
import java.util.Iterator;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Ticks at regular intervals, on the loop's own timers. The first tick comes one period after the
 * ticker was made; none is ever early. Whoever waits for the ticks does one thing at a time, so
 * that a slow period never overlaps the next; what happens to the ticks it missed is chosen.
 *
 * {@snippet :
 * for (long missed : Ticker.every(Duration.ofMillis(100), Ticker.Missed.SKIP)) {
 *     sample(missed);
 * }
 * }
 *
 * <p>Nothing runs between the calls and nothing has to be closed. One fiber waits for it at a time.
 */
public final class Ticker implements Iterable<Long> {
    private final Beat beat;

    /** What becomes of ticks that nobody waited for in time. */
    public enum Missed {
        /** They are left out; those that follow come when they always would have. */
        SKIP,
        /** They come one after the other, at once, until none is behind. */
        BURST,
        /** They are left out, and the next one comes a whole period after the late one. */
        DELAY
    }

    private Ticker(Beat beat) {
        this.beat = beat;
    }

    /**
     * A ticker that begins now.
     *
     * @param period longer than zero
     */
    public static Ticker every(Duration period, Missed missed) {
        if (!period.isPositive()) {
            throw new IllegalArgumentException("a period is longer than 0, not " + period);
        }
        Objects.requireNonNull(missed, "missed");
        return new Ticker(new Beat(period, missed, Strand.current().nanoTime()));
    }

    /**
     * Waits for the next tick. Parks, if it is not overdue; a cancelled wait takes no tick.
     *
     * @return how many further ticks were overdue and are left out; always 0 with {@link
     *     Missed#BURST}
     */
    public long await() {
        Strand caller = Strand.current();
        caller.sleepUntil(beat.next());
        return beat.taken(caller.nanoTime());
    }

    /** The event of the next tick, for {@link Select}; its value is what {@link #await} returns. */
    public Event<Long> ticking() {
        return new Tick(beat);
    }

    /** Ticks without an end; each {@code next()} is an {@link #await}. */
    @Override
    public Iterator<Long> iterator() {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return true;
            }

            @Override
            public Long next() {
                return await();
            }
        };
    }

    private static final class Tick extends Event<Long> {
        private final Beat beat;
        private long value;
        private @Nullable Alarm alarm;

        Tick(Beat beat) {
            this.beat = beat;
        }

        @Override
        protected boolean tryTake() {
            long now = Strand.current().nanoTime();
            if (beat.next() - now > 0) {
                return false;
            }
            value = beat.taken(now);
            return true;
        }

        @Override
        protected void begin(Place place) {
            Engine home = Strand.current().home();
            if (home == null) {
                throw new IllegalStateException(
                        Thread.currentThread() + " is no fiber of a loop, whose timers it needs");
            }
            alarm = new Alarm(home, beat.next(), place);
            home.execute(alarm);
        }

        @Override
        protected void end() {
            Alarm set = alarm;
            if (set != null) {
                set.end();
            }
        }

        @Override
        protected boolean isTaken() {
            return tryTake();
        }

        @Override
        protected Long value() {
            return value;
        }
    }

    /** Fills a place when it is time. */
    private static final class Alarm extends Timer implements LoopTask {
        private final Engine engine;
        private final long deadline;
        private final Place place;

        Alarm(Engine engine, long deadline, Place place) {
            this.engine = engine;
            this.deadline = deadline;
            this.place = place;
        }

        @Override
        public void runOnLoop() {
            if (place.cell().isEmpty()) {
                engine.timers().arm(this, deadline);
            }
        }

        void end() {
            engine.execute(new Disarm(this));
        }

        @Override
        protected void expired() {
            place.fill();
        }

        @Override
        public void abandoned() {
            place.fill();
        }
    }

    private record Disarm(Alarm alarm) implements LoopTask {
        @Override
        public void runOnLoop() {
            alarm.engine.timers().cancel(alarm);
        }

        @Override
        public void abandoned() {
            // The loop has ended, and its timers with it.
        }
    }
}
