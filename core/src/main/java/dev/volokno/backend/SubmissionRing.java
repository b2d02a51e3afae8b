package dev.volokno.backend;

import dev.volokno.linux.IoUring;
import dev.volokno.linux.Memory;

/** The ring of requests: we write entries and move the tail, the kernel moves the head. */
final class SubmissionRing {
    private final long headAddress;
    private final long tailAddress;
    private final long flagsAddress;
    private final long entries;
    private final int capacity;
    private final int mask;
    private int tail;

    SubmissionRing(long rings, long offsets, long entries, int capacity, boolean indirect) {
        headAddress = rings + Memory.getInt(offsets + IoUring.SQ_OFF_HEAD);
        tailAddress = rings + Memory.getInt(offsets + IoUring.SQ_OFF_TAIL);
        flagsAddress = rings + Memory.getInt(offsets + IoUring.SQ_OFF_FLAGS);
        mask = Memory.getInt(rings + Memory.getInt(offsets + IoUring.SQ_OFF_RING_MASK));
        this.entries = entries;
        this.capacity = capacity;
        if (indirect) {
            long array = rings + Memory.getInt(offsets + IoUring.SQ_OFF_ARRAY);
            for (int i = 0; i < capacity; i++) {
                Memory.putInt(array + 4L * i, i);
            }
        }
    }

    /**
     * The address of a cleared entry that goes out with the next {@link #publish}; 0 if the ring is
     * full.
     */
    long next() {
        if (pending() == capacity) {
            return 0;
        }
        long entry = entries + (long) (tail & mask) * IoUring.SQE_SIZE;
        for (long word = entry; word < entry + IoUring.SQE_SIZE; word += Long.BYTES) {
            Memory.putLong(word, 0);
        }
        tail++;
        return entry;
    }

    void publish() {
        // Pairs with the kernel's acquire of the tail: it sees whole entries.
        Memory.putIntRelease(tailAddress, tail);
    }

    /** Entries the kernel has not taken yet. */
    int pending() {
        return tail - Memory.getIntAcquire(headAddress);
    }

    boolean flagged(int flags) {
        return (Memory.getIntAcquire(flagsAddress) & flags) != 0;
    }
}
