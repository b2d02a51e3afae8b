package dev.volokno.engine;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Which engine turns on which thread now. Any thread. */
final class Carriers {
    private static final Map<Thread, Engine> TURNING = new ConcurrentHashMap<>();

    private Carriers() {}

    /** From now on {@code engine} turns on {@code thread}: which one did before. */
    static @Nullable Engine enter(Thread thread, Engine engine) {
        return TURNING.put(thread, engine);
    }

    /** It no longer does, and the one that did before does again. */
    static void leave(Thread thread, Engine engine, @Nullable Engine before) {
        if (before == null) {
            TURNING.remove(thread, engine);
        } else {
            TURNING.replace(thread, engine, before);
        }
    }

    static boolean turnsOn(Thread thread) {
        return TURNING.containsKey(thread);
    }

    /** The engine that turns on the current thread, or on its carrier. */
    static @Nullable Engine current() {
        Engine carried = TURNING.get(VirtualThreads.carrier());
        return carried != null ? carried : TURNING.get(Thread.currentThread());
    }
}
