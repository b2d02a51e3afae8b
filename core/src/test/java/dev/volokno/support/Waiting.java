package dev.volokno.support;

import dev.volokno.fiber.Fiber;
import java.util.concurrent.Future;

/** Waits for other fibers to wait. */
public final class Waiting {
    private Waiting() {}

    /** Lets others run until each of the fibers waits for something, or has ended. */
    public static void awaitParked(Fiber<?>... fibers) {
        for (Fiber<?> fiber : fibers) {
            while (fiber.state() == Future.State.RUNNING
                    && fiber.thread().getState() != Thread.State.WAITING) {
                Fiber.yield();
            }
        }
    }
}
