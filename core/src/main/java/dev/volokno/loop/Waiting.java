package dev.volokno.loop;

import java.util.concurrent.CountDownLatch;

/** Waits of threads that are no fibers, for what comes in any case. */
final class Waiting {
    private Waiting() {}

    /** Waits, and puts off an interrupt until then. */
    static void uninterruptibly(CountDownLatch latch) {
        boolean interrupted = false;
        while (latch.getCount() > 0) {
            try {
                latch.await();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
