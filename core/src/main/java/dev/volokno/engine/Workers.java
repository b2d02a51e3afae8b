package dev.volokno.engine;

import dev.volokno.backend.Kernel;
import dev.volokno.backend.Pool;
import dev.volokno.linux.Errno;
import java.lang.foreign.Arena;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.function.LongConsumer;

/**
 * Threads for calls that block without a way to say so, bounded for each {@link Pool}. Few are
 * needed, and they go when nothing is left to do.
 */
final class Workers {
    private static final System.Logger LOGGER = System.getLogger("dev.volokno");
    private static final int MOST = 16;
    private static final Duration IDLE = Duration.ofSeconds(1);

    private final Map<Pool, ThreadPoolExecutor> pools = new ConcurrentHashMap<>();

    /** Makes the call on a thread of the pool and tells the result there. */
    void execute(Pool pool, WorkerCalls.Call call, LongConsumer whenDone) {
        pools.computeIfAbsent(pool, Workers::threads).execute(() -> whenDone.accept(make(call)));
    }

    /** A mistake in a call must not leave its caller waiting: it is told as EIO, and logged. */
    private static long make(WorkerCalls.Call call) {
        try (Arena arena = Arena.ofConfined()) {
            return call.make(Kernel.newErrno(arena));
        } catch (Throwable mistake) {
            LOGGER.log(System.Logger.Level.ERROR, "a call on a worker thread threw", mistake);
            return -Errno.EIO.number();
        }
    }

    private static ThreadPoolExecutor threads(Pool pool) {
        String name = "volokno-" + pool.name().toLowerCase(Locale.ROOT) + "-";
        return BoundedThreads.create(name, MOST, IDLE);
    }

    void close() {
        pools.values().forEach(ThreadPoolExecutor::shutdown);
    }
}
