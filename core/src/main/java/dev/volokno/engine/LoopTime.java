package dev.volokno.engine;

import org.jspecify.annotations.Nullable;

/** What time it is for a loop, and what is to happen when. Loop thread, but for {@link #now}. */
final class LoopTime {
    private final @Nullable Steering steering;
    private final TimerQueue timers = new TimerQueue();

    /** The JDK's, which know only the machine's time: among ours, unless ours is another. */
    private final TimerQueue jdkTimers;

    private long turnedAt;

    LoopTime(@Nullable Steering steering) {
        this.steering = steering;
        jdkTimers = steering == null ? timers : new TimerQueue();
        turnedAt = now();
    }

    @Nullable Steering steering() {
        return steering;
    }

    long now() {
        return steering == null ? System.nanoTime() : steering.nanoTime();
    }

    TimerQueue timers() {
        return timers;
    }

    TimerQueue jdkTimers() {
        return jdkTimers;
    }

    /** When the last turn began. */
    long turnedAt() {
        return turnedAt;
    }

    /** A turn begins: what is due by now happens. */
    void expire() {
        long now = now();
        turnedAt = now;
        if (!timers.isEmpty()) {
            timers.expire(now);
        }
        if (jdkTimers != timers) {
            jdkTimers.expire(System.nanoTime());
        }
    }

    /** The shorter one of two times, of which a negative one is for ever. */
    static long sooner(long one, long other) {
        return one < 0 || other < 0 ? Math.max(one, other) : Math.min(one, other);
    }

    /** How long the loop, in which nothing can run, may sleep; negative for ever. */
    long untilNext() {
        long untilFirst = timers.isEmpty() ? -1 : timers.delay(now());
        return steering == null || untilFirst == 0
                ? untilFirst
                : steering.idle(untilFirst, jdkTimers.delay(System.nanoTime()));
    }
}
