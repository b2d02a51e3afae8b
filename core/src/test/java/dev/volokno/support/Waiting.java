package dev.volokno.support;

import dev.volokno.engine.Engine;
import dev.volokno.engine.Strand;
import dev.volokno.fiber.Fiber;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what is certain to happen, without a guess how long it takes. */
public final class Waiting {
    private static final long POLL_NANOS = 20_000;

    private Waiting() {}

    /** Returns when {@code fiber} is parked in a call of the library. */
    public static <T> Fiber<T> untilParked(Fiber<T> fiber) {
        until(() -> {
            if (fiber.state() != Future.State.RUNNING) {
                throw new AssertionError(fiber + " ended, and was to wait: " + fiber.state());
            }
            return isParked(fiber.thread());
        });
        return fiber;
    }

    /** Lets others run until each of the fibers waits for something, or has ended. */
    public static void awaitParked(Fiber<?>... fibers) {
        for (Fiber<?> fiber : fibers) {
            until(() ->
                    fiber.state() != Future.State.RUNNING
                            || fiber.thread().getState() == Thread.State.WAITING);
        }
    }

    /** Returns when {@code thread} is parked in a call of the library. */
    public static void untilParked(Thread thread) {
        until(() -> {
            if (thread.getState() == Thread.State.TERMINATED) {
                throw new AssertionError(thread + " ended, and was to wait");
            }
            return isParked(thread);
        });
    }

    public static boolean isParked(Fiber<?> fiber) {
        return isParked(fiber.thread());
    }

    private static boolean isParked(Thread thread) {
        return LockSupport.getBlocker(thread) instanceof Strand;
    }

    /** Lets others run until {@code condition} holds. */
    public static void until(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            letOthersRun();
        }
    }

    /**
     * An ordinary virtual thread that yields goes back to a queue that its carrier looks into
     * first; if all carriers are as busy, a thread that has just been started in another queue
     * never runs.
     */
    private static void letOthersRun() {
        Engine home = Strand.current().home();
        if (home == null || home.isConfined()) {
            Thread.yield();
        } else {
            LockSupport.parkNanos(POLL_NANOS);
        }
    }
}
