package dev.volokno.loop;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Several started loops, one per core as a rule. Each has its own fibers and descriptors; work is
 * spread by giving every loop a listener of its own on the same port ({@code SO_REUSEPORT}), or by
 * {@link dev.volokno.fd.Fd#moveTo}.
 */
public final class Loops implements AutoCloseable {
    private final List<Loop> loops;
    private final AtomicInteger next = new AtomicInteger();

    private Loops(List<Loop> loops) {
        this.loops = List.copyOf(loops);
    }

    /** Starts {@code count} loops with {@link LoopOptions#defaults()}. */
    public static Loops of(int count) {
        return of(count, LoopOptions.defaults());
    }

    /**
     * Starts {@code count} loops. If one does not start, none is left running.
     *
     * @throws IllegalArgumentException if {@code count} is not positive
     */
    public static Loops of(int count, LoopOptions options) {
        if (count < 1) {
            throw new IllegalArgumentException("one loop at least, not " + count);
        }
        var started = new ArrayList<Loop>(count);
        try {
            while (started.size() < count) {
                started.add(Loop.start(options));
            }
        } catch (RuntimeException e) {
            started.forEach(Loop::close);
            throw e;
        }
        return new Loops(started);
    }

    /** The loops, in the order they were started. */
    public List<Loop> all() {
        return loops;
    }

    /** One loop after the other, round and round. Any thread. */
    public Loop next() {
        return loops.get(Math.floorMod(next.getAndIncrement(), loops.size()));
    }

    /** Closes them all; see {@link Loop#close}. */
    @Override
    public void close() {
        loops.forEach(Loop::close);
    }
}
