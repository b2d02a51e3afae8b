package dev.volokno.loop;

import dev.volokno.engine.Engine;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;

/** The wall clock of a loop whose time is not the machine's: it began with the year 2000. */
final class LoopClock extends Clock {
    private static final Instant BEGINNING = Instant.parse("2000-01-01T00:00:00Z");

    private final Engine engine;
    private final ZoneId zone;

    LoopClock(Engine engine, ZoneId zone) {
        this.engine = engine;
        this.zone = zone;
    }

    @Override
    public Instant instant() {
        return BEGINNING.plusNanos(engine.nanoTime());
    }

    @Override
    public ZoneId getZone() {
        return zone;
    }

    @Override
    public Clock withZone(ZoneId other) {
        return new LoopClock(engine, other);
    }
}
