package dev.volokno.process;

import dev.volokno.backend.Kernel;
import dev.volokno.linux.Memory;
import dev.volokno.linux.SignalH;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The one handler of this process, the lists of listeners that it walks, and what was in its place
 * before. The lists change under a lock; the handler takes none, so whoever takes a listener out
 * {@linkplain #awaitHandlers waits} until no thread can have it in hand any more.
 */
final class SignalHandlers {
    /** A listener's size and fields, as {@link HandlerCode} has them. */
    static final int LISTENER_SIZE = 24;

    static final int NEXT = 0;
    static final int SINK = 8;
    static final int DROPPED = 16;

    private static final ReentrantLock LOCK = new ReentrantLock();

    /** How signals were disposed of that the handler has now, each a {@code struct sigaction}. */
    private static final Map<Signal, Former> FORMER = new HashMap<>();

    private static final long BLOCK =
            Arena.global().allocate((2 + SignalH.LAST) * (long) Long.BYTES, Long.BYTES).address();

    private static long code;

    private record Former(MemorySegment action, @Nullable SignalThread thread) {}

    private SignalHandlers() {}

    /** Has {@code listener} get {@code signal} too. */
    static void add(MemorySegment errno, Signal signal, long listener) throws IOException {
        LOCK.lock();
        try {
            long first = Memory.getLong(head(signal));
            Memory.putLong(listener + NEXT, first);
            Memory.putLongVolatile(head(signal), listener);
            if (first == 0) {
                takeOver(errno, signal);
            }
        } finally {
            LOCK.unlock();
        }
    }

    /** Takes {@code listener} out, if it is in; the last one restores what was before. */
    static void remove(MemorySegment errno, Signal signal, long listener) {
        LOCK.lock();
        try {
            long link = head(signal);
            long at = Memory.getLong(link);
            if (at == listener && Memory.getLong(at + NEXT) == 0) {
                // First, so that a signal that comes now is not lost to both.
                restore(errno, signal);
            }
            while (at != 0 && at != listener) {
                link = at + NEXT;
                at = Memory.getLong(link);
            }
            if (at != 0) {
                Memory.putLongVolatile(link, Memory.getLong(at + NEXT));
            }
        } finally {
            LOCK.unlock();
        }
    }

    /**
     * Returns when every thread that was in the handler has been out of it: a moment, in which no
     * listener is held that was taken out before. Two fences make that sure: the one that takes a
     * listener out, and the one with which the handler counts itself in.
     */
    static void awaitHandlers() {
        while (Memory.getLongVolatile(BLOCK) != 0) {
            Thread.yield();
        }
    }

    private static long head(Signal signal) {
        return BLOCK + Long.BYTES + (long) signal.number() * Long.BYTES;
    }

    private static void takeOver(MemorySegment errno, Signal signal) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            if (code == 0) {
                code = HandlerCode.install(errno, BLOCK);
            }
            boolean blocked = SignalThread.isNeeded(signal);
            MemorySegment former = newAction(Arena.ofAuto());
            Kernel.check(
                    "sigaction",
                    SignalH.sigaction(errno, signal.number(), handler(arena), former.address()),
                    signal.toString());
            SignalThread thread = blocked ? SignalThread.start(signal) : null;
            FORMER.put(signal, new Former(former, thread));
        } catch (IOException | RuntimeException e) {
            Memory.putLongVolatile(head(signal), 0);
            throw e;
        }
    }

    private static MemorySegment newAction(Arena arena) {
        return arena.allocate(SignalH.SIGACTION_SIZE, Long.BYTES);
    }

    /** While it runs nothing interrupts it, so one frame on the stack is enough. */
    private static long handler(Arena arena) {
        MemorySegment action = newAction(arena);
        action.asSlice(SignalH.SA_MASK, SignalH.SIGSET_SIZE).fill((byte) -1);
        long address = action.address();
        Memory.putLong(address + SignalH.SA_HANDLER, code);
        Memory.putInt(
                address + SignalH.SA_FLAGS,
                SignalH.SA_SIGINFO | SignalH.SA_RESTART | SignalH.SA_ONSTACK);
        return address;
    }

    private static void restore(MemorySegment errno, Signal signal) {
        Former former = FORMER.remove(signal);
        if (former == null) {
            return;
        }
        if (former.thread != null) {
            former.thread.end();
        }
        try (Arena arena = Arena.ofConfined()) {
            long now = newAction(arena).address();
            SignalH.sigaction(errno, signal.number(), 0, now);
            if (Memory.getLong(now + SignalH.SA_HANDLER) == code) {
                SignalH.sigaction(errno, signal.number(), former.action.address(), 0);
            } // Else somebody has put another handler in our place, who knows better.
        }
    }
}
