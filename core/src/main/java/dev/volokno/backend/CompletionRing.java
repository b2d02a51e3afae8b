package dev.volokno.backend;

import dev.volokno.linux.IoUring;
import dev.volokno.linux.Memory;

/** The ring of results: the kernel moves the tail, we move the head. */
final class CompletionRing {
    private final long headAddress;
    private final long tailAddress;
    private final long entries;
    private final int mask;
    private int head;

    CompletionRing(long rings, long offsets) {
        headAddress = rings + Memory.getInt(offsets + IoUring.CQ_OFF_HEAD);
        tailAddress = rings + Memory.getInt(offsets + IoUring.CQ_OFF_TAIL);
        entries = rings + Memory.getInt(offsets + IoUring.CQ_OFF_CQES);
        mask = Memory.getInt(rings + Memory.getInt(offsets + IoUring.CQ_OFF_RING_MASK));
        head = Memory.getIntAcquire(headAddress);
    }

    /** How many results are there. */
    int available() {
        // Pairs with the kernel's release of the tail: the entries before it are whole.
        return Memory.getIntAcquire(tailAddress) - head;
    }

    /** The address of the {@code index}-th result that is there. */
    long entry(int index) {
        return entries + (long) (head + index & mask) * IoUring.CQE_SIZE;
    }

    /** Gives the first {@code count} entries back to the kernel. */
    void advance(int count) {
        head += count;
        Memory.putIntRelease(headAddress, head);
    }
}
