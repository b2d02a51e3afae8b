package dev.volokno.engine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The fibers of a confined loop that can run, in the order they became able to. Loop thread, but
 * for what says otherwise.
 */
final class ReadyQueue {
    /** A batch ends after so many, or so long, for a look at the kernel. */
    private static final int BATCH = 256;

    private static final int CLOCK_MASK = 31;
    private static final long BATCH_NANOS = 1_000_000;

    private static final VarHandle SWITCHES;
    private static final VarHandle LAST_SEEN;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            SWITCHES = lookup.findVarHandle(ReadyQueue.class, "switches", long.class);
            LAST_SEEN = lookup.findVarHandle(ReadyQueue.class, "lastSeen", Strand.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final ArrayDeque<Runnable> continuations = new ArrayDeque<>();
    private final @Nullable Steering steering;

    // The watchdog reads these two; it needs no order, only to see them some day.
    private long switches;
    private @Nullable Strand lastSeen;

    ReadyQueue(@Nullable Steering steering) {
        this.steering = steering;
    }

    void add(Runnable continuation) {
        continuations.add(continuation);
    }

    boolean isEmpty() {
        return continuations.isEmpty();
    }

    int size() {
        return continuations.size();
    }

    @Nullable Runnable poll() {
        if (steering != null && continuations.size() > 1) {
            for (int skipped = steering.next(continuations.size()); skipped > 0; skipped--) {
                continuations.add(continuations.remove());
            }
        }
        return continuations.poll();
    }

    /** Runs what is ready, until nothing is or the batch is long enough. */
    void runBatch() {
        long start = 0;
        for (int count = 1; count <= BATCH; count++) {
            Runnable continuation = poll();
            if (continuation == null) {
                return;
            }
            SWITCHES.setOpaque(this, switches + 1);
            continuation.run();
            if ((count & CLOCK_MASK) == 0 && steering == null) {
                long now = System.nanoTime();
                start = start == 0 ? now : start;
                if (now - start > BATCH_NANOS) {
                    return;
                }
            }
        }
    }

    /** How often a fiber came to the thread. */
    long switches() {
        return switches;
    }

    /** The same, as other threads see it. */
    long progress() {
        return (long) SWITCHES.getOpaque(this);
    }

    /** Remembers who called the library. */
    void seen(Strand caller) {
        LAST_SEEN.setOpaque(this, caller);
    }

    /** Who called the library last. Any thread. */
    @Nullable Strand lastSeen() {
        return (Strand) LAST_SEEN.getOpaque(this);
    }
}
