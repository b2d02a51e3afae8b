package dev.volokno.tty;

import dev.volokno.backend.DirectOperation;
import dev.volokno.backend.Kernel;
import dev.volokno.descriptor.Descriptor;
import java.lang.foreign.Arena;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Puts terminals and ports back that are still open when the JVM ends: by {@code System.exit}, by
 * the end of {@code main}, or by HUP, INT or TERM, whose default in a JVM is an orderly end. One
 * shutdown hook serves all, beside those of the program: whatever was restored here and is closed
 * there later is restored twice, which does no harm.
 */
final class AtExit {
    private static final Map<Descriptor, DirectOperation.Call> OPEN = new ConcurrentHashMap<>();

    static {
        try {
            Runtime.getRuntime()
                    .addShutdownHook(new Thread(AtExit::restoreAll, "volokno-terminals"));
        } catch (IllegalStateException ending) {
            // The JVM is ending already: what is opened now is restored by its close alone.
            System.getLogger("dev.volokno").log(System.Logger.Level.DEBUG, ending);
        }
    }

    private AtExit() {}

    /** Has {@code call} made at the JVM's end, if the descriptor is open then. */
    static void make(Descriptor descriptor, DirectOperation.Call call) {
        // Whoever was released has nobody who takes it out.
        OPEN.keySet().removeIf(known -> !known.isOpen());
        OPEN.put(descriptor, call);
    }

    static void forget(Descriptor descriptor) {
        OPEN.remove(descriptor);
    }

    /** All at once: each may have to wait for its device. */
    private static void restoreAll() {
        var threads = new ArrayList<Thread>();
        OPEN.forEach((descriptor, call) ->
                threads.add(Thread.ofPlatform().start(() -> restore(descriptor, call))));
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private static void restore(Descriptor descriptor, DirectOperation.Call call) {
        try {
            descriptor.enter();
        } catch (ClosedChannelException restored) {
            return;
        }
        try (Arena arena = Arena.ofConfined()) {
            call.make(Kernel.newErrno(arena), descriptor.number());
        } finally {
            descriptor.leave();
        }
    }
}
