package dev.volokno.engine;

import dev.volokno.backend.Kernel;
import java.lang.foreign.Arena;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Threads for calls that block without a way to say so. Few are needed, and they go when nothing is
 * left to do.
 */
final class Workers {
    private static final int MOST = 16;
    private static final long IDLE_SECONDS = 1;

    private volatile @Nullable ThreadPoolExecutor pool;

    /** Makes the call on a thread of the pool and tells the result there. */
    void execute(WorkerCalls.Call call, LongConsumer whenDone) {
        pool().execute(() -> {
            try (Arena arena = Arena.ofConfined()) {
                whenDone.accept(call.make(Kernel.newErrno(arena)));
            }
        });
    }

    private synchronized ThreadPoolExecutor pool() {
        ThreadPoolExecutor known = pool;
        if (known == null) {
            known =
                    new ThreadPoolExecutor(
                            MOST,
                            MOST,
                            IDLE_SECONDS,
                            TimeUnit.SECONDS,
                            new LinkedBlockingQueue<>(),
                            Thread.ofPlatform().daemon().name("volokno-worker-", 0).factory());
            known.allowCoreThreadTimeOut(true);
            pool = known;
        }
        return known;
    }

    void close() {
        ThreadPoolExecutor known = pool;
        if (known != null) {
            known.shutdown();
        }
    }
}
