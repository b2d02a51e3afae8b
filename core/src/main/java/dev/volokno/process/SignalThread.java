package dev.volokno.process;

import dev.volokno.linux.SignalH;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * A thread that rests and takes a signal, for a process that was started with it blocked, in every
 * thread thus: without one that does not block it the handler would never run.
 */
final class SignalThread {
    private static final Path THREADS = Path.of("/proc/self/task");
    private static final String BLOCKED = "SigBlk:";

    private final CountDownLatch taking = new CountDownLatch(1);
    private final CountDownLatch takesNoMore = new CountDownLatch(1);
    private final Thread thread;
    private volatile boolean ended;

    private SignalThread(Signal signal) {
        thread = Thread.ofPlatform().daemon().name("volokno-" + signal).start(() -> rest(signal));
    }

    /** Whether every thread blocks {@code signal}. */
    static boolean isNeeded(Signal signal) throws IOException {
        return isBlockedHere(signal) && isBlockedEverywhere(signal);
    }

    /** Starts one, which takes {@code signal} from now on. */
    static SignalThread start(Signal signal) {
        var thread = new SignalThread(signal);
        await(thread.taking);
        return thread;
    }

    /**
     * When it returns the signal is blocked in every thread, and waits there for whoever is next.
     */
    void end() {
        ended = true;
        LockSupport.unpark(thread);
        await(takesNoMore);
    }

    /** A matter of microseconds, so that a fiber may keep its loop. */
    private static void await(CountDownLatch latch) {
        while (latch.getCount() > 0) {
            Thread.onSpinWait();
        }
    }

    private void rest(Signal signal) {
        try (Arena arena = Arena.ofConfined()) {
            long set = arena.allocate(SignalH.SIGSET_SIZE, Long.BYTES).address();
            SignalH.addToSet(set, signal.number());
            SignalH.maskThread(SignalH.SIG_UNBLOCK, set, 0);
            taking.countDown();
            while (!ended) {
                LockSupport.park(this);
            }
            SignalH.maskThread(SignalH.SIG_BLOCK, set, 0);
            takesNoMore.countDown();
        }
    }

    private static boolean isBlockedHere(Signal signal) {
        try (Arena arena = Arena.ofConfined()) {
            long mask = arena.allocate(SignalH.SIGSET_SIZE, Long.BYTES).address();
            SignalH.maskThread(SignalH.SIG_BLOCK, 0, mask);
            return SignalH.isInSet(mask, signal.number());
        }
    }

    private static boolean isBlockedEverywhere(Signal signal) throws IOException {
        try (Stream<Path> threads = Files.list(THREADS)) {
            for (Path thread : threads.toList()) {
                if (!isBlockedIn(thread, signal)) {
                    return false;
                }
            }
        }
        return true;
    }

    private static boolean isBlockedIn(Path thread, Signal signal) throws IOException {
        try (Stream<String> lines = Files.lines(thread.resolve("status"))) {
            long mask =
                    lines.filter(line -> line.startsWith(BLOCKED))
                            .mapToLong(line ->
                                    Long.parseUnsignedLong(
                                            line.substring(BLOCKED.length()).strip(), 16))
                            .findFirst()
                            .orElse(-1);
            return ((mask >>> (signal.number() - 1)) & 1) != 0;
        } catch (NoSuchFileException hasEnded) {
            return true;
        }
    }
}
