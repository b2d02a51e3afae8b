package dev.volokno.process;

import dev.volokno.linux.Memory;
import dev.volokno.linux.Unistd;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * The end of a {@link Signals} that the handler writes to; reachable as long as the handler knows
 * it.
 */
final class Listener {
    private final int sink;
    private final List<Signal> signals;
    private final MemorySegment entries;
    private long droppedInAll;

    /** {@code sink} is the non-blocking end of a pipe, which is this listener's from now on. */
    Listener(int sink, List<Signal> signals) {
        this.sink = sink;
        this.signals = signals;
        entries =
                Arena.ofAuto()
                        .allocate((long) SignalHandlers.LISTENER_SIZE * signals.size(), Long.BYTES);
    }

    void begin(MemorySegment errno) throws IOException {
        for (int i = 0; i < signals.size(); i++) {
            Memory.putInt(entry(i) + SignalHandlers.SINK, sink);
            SignalHandlers.add(errno, signals.get(i), entry(i));
        }
    }

    /** From now on no handler knows of it. May wait a moment for one that does. */
    long end(MemorySegment errno) {
        for (int i = 0; i < signals.size(); i++) {
            SignalHandlers.remove(errno, signals.get(i), entry(i));
        }
        SignalHandlers.awaitHandlers();
        droppedInAll = dropped();
        return Unistd.close(errno, sink);
    }

    /** How many did not fit; only while it is open. */
    long dropped() {
        long dropped = 0;
        for (int i = 0; i < signals.size(); i++) {
            dropped += Memory.getLongVolatile(entry(i) + SignalHandlers.DROPPED);
        }
        return dropped;
    }

    /** How many did not fit; only after {@link #end}. */
    long droppedInAll() {
        return droppedInAll;
    }

    private long entry(int index) {
        return entries.address() + (long) index * SignalHandlers.LISTENER_SIZE;
    }
}
