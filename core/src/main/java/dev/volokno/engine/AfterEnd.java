package dev.volokno.engine;

import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of things that come to an engine after its end. A continuation that is lost is a
 * virtual thread lost: those that merely inherited the scheduler go on in the common pool.
 */
final class AfterEnd {
    private AfterEnd() {}

    /** Something from the inbox, or from among what was ready. */
    static void takes(Object item) {
        if (item instanceof LoopTask task) {
            task.abandoned();
        } else {
            ForkJoinPool.commonPool().execute((Runnable) item);
        }
    }

    static void takesTimers(TimerQueue timers) {
        @Nullable Timer timer = timers.removeFirst();
        long now = System.nanoTime();
        while (timer != null) {
            expires(timer, Math.max(0, timer.deadlineNanos - now));
            timer = timers.removeFirst();
        }
    }

    static void expires(Timer timer, long delayNanos) {
        Future<?> _ =
                ForkJoinPool.commonPool()
                        .schedule(timer::expired, delayNanos, TimeUnit.NANOSECONDS);
    }
}
