package dev.volokno.backend;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Native memory of the library's own, between a buffer that the kernel may not keep and the kernel.
 * Aligned as direct I/O wants it. It is borrowed for one transfer, and there are two sizes.
 */
public final class Staging {
    /** The longest transfer by way of it. */
    public static final int LARGE = 256 * 1024;

    private static final int SMALL = 16 * 1024;
    private static final long ALIGNMENT = 4096;

    /** Of each size this many bytes are kept when nobody uses them. */
    private static final int KEPT = 4 * 1024 * 1024;

    private static final ReentrantLock LOCK = new ReentrantLock();
    private static final ArrayDeque<Staging> SMALL_ONES = new ArrayDeque<>();
    private static final ArrayDeque<Staging> LARGE_ONES = new ArrayDeque<>();

    private final MemorySegment memory;

    private Staging(int size) {
        memory = Arena.ofAuto().allocate(size, ALIGNMENT);
    }

    /** Memory for {@code length} bytes, or for as many as there can be. */
    public static Staging of(int length) {
        int size = length <= SMALL ? SMALL : LARGE;
        @Nullable Staging known;
        LOCK.lock();
        try {
            known = ones(size).pollLast();
        } finally {
            LOCK.unlock();
        }
        return known != null ? known : new Staging(size);
    }

    private static ArrayDeque<Staging> ones(int size) {
        return size == SMALL ? SMALL_ONES : LARGE_ONES;
    }

    /** Gives it back; the kernel has it no more. */
    public void free() {
        LOCK.lock();
        try {
            ArrayDeque<Staging> same = ones(capacity());
            if ((same.size() + 1) * capacity() <= KEPT) {
                same.addLast(this);
            }
        } finally {
            LOCK.unlock();
        }
    }

    public long address() {
        return memory.address();
    }

    public int capacity() {
        return (int) memory.byteSize();
    }

    public MemorySegment memory() {
        return memory;
    }
}
