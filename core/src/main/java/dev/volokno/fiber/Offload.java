package dev.volokno.fiber;

import dev.volokno.CancelledException;
import dev.volokno.engine.BoundedThreads;
import dev.volokno.engine.Cell;
import dev.volokno.engine.Engine;
import dev.volokno.engine.Strand;
import java.time.Duration;
import java.util.concurrent.ThreadPoolExecutor;

/**
 * Runs code that would block a loop on a thread of its own, while only the calling fiber waits. For
 * what has no other way: a driver that blocks, a long computation.
 *
 * <p>A cancellation while the call is still queued takes it out of the queue. One that has begun is
 * waited for, because nobody knows how to end it; its result is delivered, and the next wait
 * throws. A pool that {@linkplain Pool#abandoningOnCancel abandons} does not wait.
 */
public final class Offload {
    private static final int COMMON_THREADS = 64;
    private static final Duration IDLE = Duration.ofSeconds(10);
    private static final Pool COMMON = pool("volokno-offload", COMMON_THREADS);

    private Offload() {}

    /**
     * Runs {@code body} on the common pool of 64 threads and waits for it. Parks.
     *
     * @throws CancelledException if cancelled before it began
     * @throws X what it throws
     */
    public static <T, X extends Exception> T call(Call<T, X> body) throws X {
        return COMMON.call(body);
    }

    /**
     * A pool of at most {@code threads} daemon threads, named after {@code name}: a bound for calls
     * that burden the same thing. What does not fit waits in the order it came. Idle threads end by
     * themselves after a while.
     */
    public static Pool pool(String name, int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("a pool of " + threads + " threads");
        }
        return new Pool(BoundedThreads.create(name + "-", threads, IDLE), false);
    }

    /** Threads for calls that block. */
    public static final class Pool {
        private final ThreadPoolExecutor threads;
        private final boolean abandoning;

        private Pool(ThreadPoolExecutor threads, boolean abandoning) {
            this.threads = threads;
            this.abandoning = abandoning;
        }

        /**
         * The same threads, for calls whose end nobody needs: a cancelled caller leaves at once,
         * the thread is interrupted, and what the call still returns or throws is lost.
         */
        public Pool abandoningOnCancel() {
            return new Pool(threads, true);
        }

        /**
         * Runs {@code body} on one of the threads and waits for it. Parks.
         *
         * @throws CancelledException if cancelled before it began, or before it ended if the pool
         *     abandons
         * @throws X what it throws
         */
        public <T, X extends Exception> T call(Call<T, X> body) throws X {
            Strand caller = Strand.current();
            caller.checkpoint();
            var job = new Job<>(body, new Cell(caller.thread(), "a call", "elsewhere"));
            threads.execute(job);
            awaitsElsewhere(caller, 1);
            try {
                caller.await(job.told());
            } catch (CancelledException e) {
                if (threads.remove(job)) {
                    throw e;
                }
                if (abandoning) {
                    job.abandon();
                    throw e;
                }
                awaitShielded(caller, job);
                caller.untell();
            } finally {
                awaitsElsewhere(caller, -1);
            }
            return job.outcome();
        }

        private static void awaitsElsewhere(Strand caller, int change) {
            Engine home = caller.home();
            if (home != null && home.isConfined() && home.onLoop()) {
                home.workers().elsewhere(change);
            }
        }

        private static void awaitShielded(Strand caller, Job<?, ?> job) {
            boolean before = caller.shield();
            try {
                caller.await(job.tellAgain(new Cell(caller.thread(), "a call", "elsewhere")));
            } finally {
                caller.unshield(before);
            }
        }
    }
}
