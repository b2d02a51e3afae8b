package dev.volokno.backend;

import dev.volokno.linux.Fcntl;
import dev.volokno.linux.Poll;
import java.lang.foreign.MemorySegment;

/**
 * splice(2): moves bytes from one descriptor to another within the kernel. It waits for one of the
 * two; that the other is not ready is an answer.
 */
public final class SpliceOperation extends Operation {
    /** It is the other descriptor that has to be waited for. */
    public static final long OTHER_NOT_READY = 1L << 40;

    private static final int FLAGS = Fcntl.SPLICE_F_NONBLOCK | Fcntl.SPLICE_F_MOVE;

    private final int other;
    private final boolean reads;
    private int length;

    private SpliceOperation(Handle waitedFor, Handle other, boolean reads) {
        super(waitedFor);
        this.other = other.number;
        this.reads = reads;
    }

    /** Waits until {@code from} has something. */
    public static SpliceOperation reading(Handle from, Handle to) {
        return new SpliceOperation(from, to, true);
    }

    /** Waits until {@code to} has room. */
    public static SpliceOperation writing(Handle from, Handle to) {
        return new SpliceOperation(to, from, false);
    }

    /** Sets how many bytes it moves at most, this time. */
    public SpliceOperation atMost(long bytes) {
        length = (int) Math.min(bytes, LONGEST_TRANSFER);
        return this;
    }

    @Override
    public String call() {
        return "splice";
    }

    @Override
    public int readiness() {
        return reads ? Poll.POLLIN : Poll.POLLOUT;
    }

    @Override
    public void shorten(int longest) {
        length = Math.min(length, longest);
    }

    @Override
    public long attempt(MemorySegment errno) {
        long result =
                reads
                        ? Fcntl.splice(errno, number(), other, length, FLAGS)
                        : Fcntl.splice(errno, other, number(), length, FLAGS);
        return wouldBlock(result) && !isOtherReady(errno) ? OTHER_NOT_READY : result;
    }

    private boolean isOtherReady(MemorySegment errno) {
        int needed = reads ? Poll.POLLOUT : Poll.POLLIN;
        return Poll.now(errno, Kernel.scratch(errno), other, needed) != 0;
    }
}
