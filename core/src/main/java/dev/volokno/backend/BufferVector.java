package dev.volokno.backend;

import dev.volokno.linux.Memory;
import dev.volokno.linux.SysUio;
import dev.volokno.linux.Unistd;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Many buffers as the {@code struct iovec}s of one call. Those that the kernel must not keep go
 * through memory of ours.
 */
final class BufferVector {
    private final boolean reading;
    private final UserBuffer probe = new UserBuffer();
    private MemorySegment block = MemorySegment.NULL;
    private @Nullable Staging staging;
    private @Nullable ByteBuffer[] held = {};
    private int first;
    private int count;
    private long staged;
    private long total;

    BufferVector(boolean reading) {
        this.reading = reading;
    }

    /**
     * Takes as many of the buffers as one call may have and {@code most} bytes hold, one at least
     * that is not empty; {@link #letGo} must follow.
     */
    void take(ByteBuffer[] buffers, int offset, int end, long most) {
        held = buffers;
        first = offset;
        count = 0;
        staged = 0;
        total = 0;
        allocate(Math.min(Unistd.IOV_MAX, end - offset));
        boolean room = true;
        for (int i = offset; i < end && room && count < Unistd.IOV_MAX; i++) {
            room = !buffers[i].hasRemaining() || add(buffers, i, end, most - total);
        }
    }

    private void allocate(int entries) {
        long needed = (long) entries * SysUio.IOVEC_SIZE;
        if (block.byteSize() < needed) {
            block = Arena.ofAuto().allocate(needed, Long.BYTES);
        }
    }

    /** Whether there may be room for another. */
    private boolean add(ByteBuffer[] buffers, int index, int end, long most) {
        ByteBuffer buffer = buffers[index];
        probe.hold(buffer);
        try {
            long length = Math.min(buffer.remaining(), most);
            long address = probe.address();
            if (!probe.lasting()) {
                Staging ours = staging(buffers, index, end);
                address = ours.address() + staged;
                length = Math.min(length, ours.capacity() - staged);
                if (!reading) {
                    MemorySegment bytes = probe.segment().asSlice(0, length);
                    ours.memory().asSlice(staged, length).copyFrom(bytes);
                }
                staged += length;
            }
            if (length > 0) {
                SysUio.putIovec(entry(count), address, length);
                total += length;
                count++;
            }
            return length == buffer.remaining();
        } finally {
            probe.letGo();
        }
    }

    /** Memory for this buffer and those that follow, as far as there is so much. */
    private Staging staging(ByteBuffer[] buffers, int from, int end) {
        Staging known = staging;
        if (known == null) {
            long length = 0;
            for (int i = from; i < end; i++) {
                length += buffers[i].remaining();
            }
            known = Staging.of((int) Math.min(length, Staging.LARGE));
            staging = known;
        }
        return known;
    }

    private long entry(int index) {
        return block.address() + (long) index * SysUio.IOVEC_SIZE;
    }

    long address() {
        return block.address();
    }

    int count() {
        return count;
    }

    long total() {
        return total;
    }

    /** Whether the kernel sees none of the user's own memory. */
    boolean isAllStaged() {
        return staged == total;
    }

    /** No more than {@code longest} bytes this time. */
    void shorten(int longest) {
        if (total > longest) {
            total = Math.min(longest, Memory.getLong(address() + SysUio.IOV_LEN));
            count = 1;
            Memory.putLong(address() + SysUio.IOV_LEN, total);
        }
    }

    /**
     * Moves the buffers' positions past the {@code transferred} bytes, and brings what was read to
     * buffers that the kernel did not see; called on the thread that waited.
     */
    void finish(long transferred) {
        long left = transferred;
        long source = 0;
        int buffer = first;
        for (int i = 0; i < count && left > 0; buffer++) {
            ByteBuffer user = held[buffer];
            assert user != null;
            if (user.hasRemaining()) {
                long length = Memory.getLong(entry(i) + SysUio.IOV_LEN);
                long moved = Math.min(left, length);
                Staging ours = stagingOf(Memory.getLong(entry(i) + SysUio.IOV_BASE));
                if (ours != null && reading) {
                    MemorySegment target = MemorySegment.ofBuffer(user).asSlice(0, moved);
                    target.copyFrom(ours.memory().asSlice(source, moved));
                }
                source += ours != null ? length : 0;
                user.position(user.position() + (int) moved);
                left -= moved;
                i++;
            }
        }
    }

    private @Nullable Staging stagingOf(long address) {
        Staging ours = staging;
        boolean inside =
                ours != null
                        && address >= ours.address()
                        && address < ours.address() + ours.capacity();
        return inside ? ours : null;
    }

    /** The kernel has the memory no more. */
    void letGo() {
        Staging ours = staging;
        if (ours != null) {
            ours.free();
        }
        staging = null;
        held = new ByteBuffer[0];
    }
}
