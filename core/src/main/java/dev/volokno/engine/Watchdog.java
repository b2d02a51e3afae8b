package dev.volokno.engine;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Tells when a fiber holds a loop's thread too long, be it that it computes, sits in a blocking
 * call, or waits in a place where a virtual thread cannot leave its carrier. One daemon thread
 * serves all loops and sleeps while they do.
 */
public final class Watchdog {
    private static final System.Logger LOGGER = System.getLogger("dev.volokno");
    private static final Map<Engine, Watch> WATCHES = new ConcurrentHashMap<>();

    private static final Thread THREAD =
            Thread.ofPlatform().daemon().name("volokno-watchdog").unstarted(Watchdog::guard);

    private static volatile boolean idle;

    private Watchdog() {}

    /**
     * A loop's thread has been held.
     *
     * @param nanos for how long at least
     * @param culprit the thread that was last seen to run there
     */
    public record Stall(long nanos, Thread culprit, List<StackTraceElement> stack) {}

    /**
     * Watches {@code engine} until {@link #dismiss}; {@code report} runs on the watchdog's thread.
     */
    public static synchronized void watch(
            Engine engine, long thresholdNanos, Consumer<Stall> report) {
        WATCHES.put(engine, new Watch(engine, thresholdNanos, report));
        if (THREAD.getState() == Thread.State.NEW) {
            THREAD.start();
        }
        LockSupport.unpark(THREAD);
    }

    public static void dismiss(Engine engine) {
        WATCHES.remove(engine);
    }

    /** A loop has woken after a sleep; it is cheap while the watchdog is awake. */
    static void loopWoke() {
        if (idle) {
            idle = false;
            LockSupport.unpark(THREAD);
        }
    }

    private static void guard() {
        while (true) {
            boolean allResting = true;
            long period = Long.MAX_VALUE;
            for (Watch watch : WATCHES.values()) {
                allResting &= watch.look();
                period = Math.min(period, watch.thresholdNanos / 4);
            }
            if (allResting) {
                restUntilALoopWakes();
            } else {
                LockSupport.parkNanos(period);
            }
        }
    }

    private static void restUntilALoopWakes() {
        idle = true;
        for (Watch watch : WATCHES.values()) {
            // A loop that woke before it could see the flag.
            if (!watch.engine.isResting()) {
                idle = false;
            }
        }
        if (idle) {
            LockSupport.park();
            WATCHES.values().forEach(Watch::begin);
        }
    }

    /** One loop's handler must not cost the others their watchdog. */
    private static void tell(Consumer<Stall> report, Stall stall) {
        try {
            report.accept(stall);
        } catch (Throwable t) {
            LOGGER.log(System.Logger.Level.ERROR, "a stall handler has failed", t);
        }
    }

    private static final class Watch {
        private final Engine engine;
        private final long thresholdNanos;
        private final Consumer<Stall> report;
        private long lastProgress = -1;
        private long since;
        private boolean reported;

        Watch(Engine engine, long thresholdNanos, Consumer<Stall> report) {
            this.engine = engine;
            this.thresholdNanos = thresholdNanos;
            this.report = report;
        }

        /** Counts from now on: nobody has looked for a while. */
        void begin() {
            lastProgress = -1;
        }

        /** Whether the loop sleeps. */
        boolean look() {
            long now = System.nanoTime();
            long progress = engine.progress();
            boolean resting = engine.isResting();
            // Before its first fiber a loop is being made; that is nobody's fault.
            if (resting || progress == 0 || progress != lastProgress) {
                lastProgress = progress;
                since = now;
                reported = false;
            } else if (!reported && now - since >= thresholdNanos) {
                reported = true;
                Thread culprit = engine.lastSeen();
                tell(report, new Stall(now - since, culprit, List.of(culprit.getStackTrace())));
            }
            return resting;
        }
    }
}
