package dev.volokno.engine;

import java.time.Duration;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Daemon threads for calls that block. One that is idle is taken before another is started, so that
 * calls that follow each other need one thread and find its caches warm; a pool of the JDK's starts
 * its threads first. What does not fit waits in the order it came.
 */
public final class BoundedThreads {
    private BoundedThreads() {}

    /** At most {@code most} threads, each of which ends when it was idle for so long. */
    public static ThreadPoolExecutor create(String name, int most, Duration idle) {
        return new ThreadPoolExecutor(
                0,
                most,
                idle.toNanos(),
                TimeUnit.NANOSECONDS,
                new Tasks(),
                Thread.ofPlatform().daemon().name(name, 0).factory(),
                BoundedThreads::allAreBusy);
    }

    private static void allAreBusy(Runnable task, ThreadPoolExecutor threads) {
        if (threads.isShutdown()) {
            throw new RejectedExecutionException("the threads have ended");
        }
        ((Tasks) threads.getQueue()).await(task);
    }

    /** Takes a task at once only if an idle thread has it then. */
    private static final class Tasks extends LinkedTransferQueue<Runnable> {
        private static final long serialVersionUID = 1L;

        @Override
        public boolean offer(Runnable task) {
            return tryTransfer(task);
        }

        void await(Runnable task) {
            super.offer(task);
        }
    }
}
