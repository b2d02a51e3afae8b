package dev.volokno.backend;

import dev.volokno.linux.IoUring;
import dev.volokno.linux.Memory;
import java.lang.foreign.Arena;

/**
 * The ring of requests: we write entries and move the tail, the kernel moves the head.
 *
 * <p>An entry is filled as a draft outside of the ring, and copied whole. Whoever fills it is a
 * fiber as a rule, and a fiber can leave the loop's thread wherever the JDK takes a lock, which it
 * does at the first use of many things: the others would publish what is half filled, or fill the
 * same draft, which its owner is told then.
 */
final class SubmissionRing {
    private final long headAddress;
    private final long tailAddress;
    private final long flagsAddress;
    private final long entries;
    private final int capacity;
    private final int mask;
    private final Arena arena = Arena.ofAuto();
    private final long draft = arena.allocate(IoUring.SQE_SIZE, Long.BYTES).address();
    private int drafts;
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

    boolean isFull() {
        return pending() == capacity;
    }

    /** Begins an entry, and returns its number, which {@link #isDraft} knows. */
    int begin() {
        int number = ++drafts;
        for (int at = 0; at < IoUring.SQE_SIZE; at += Long.BYTES) {
            Memory.putLong(draft + at, 0);
        }
        return number;
    }

    /** Where the entry is to be filled. */
    long draft() {
        return draft;
    }

    /** Whether nobody has begun another entry meanwhile. */
    boolean isDraft(int number) {
        return number == drafts;
    }

    /** Puts the entry into the ring, which has room; it goes out with the next {@link #publish}. */
    void add(long token) {
        Memory.putLong(draft + IoUring.SQE_USER_DATA, token);
        long entry = entries + (long) (tail & mask) * IoUring.SQE_SIZE;
        for (int at = 0; at < IoUring.SQE_SIZE; at += Long.BYTES) {
            Memory.putLong(entry + at, Memory.getLong(draft + at));
        }
        tail++;
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
