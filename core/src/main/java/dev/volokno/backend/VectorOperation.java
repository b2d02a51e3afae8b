package dev.volokno.backend;

import dev.volokno.linux.IoUring;
import dev.volokno.linux.Memory;
import dev.volokno.linux.Poll;
import dev.volokno.linux.SysSocket;
import dev.volokno.linux.Unistd;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * readv(2) or writev(2), on a socket recvmsg(2) or sendmsg(2): bytes for or from many buffers in
 * one call. Buffers that the kernel must not keep go through memory of ours.
 */
public final class VectorOperation extends Operation {
    private static final int STAGING = 64 * 1024;
    private static final int FLAGS = SysSocket.MSG_DONTWAIT | SysSocket.MSG_NOSIGNAL;

    private final boolean socket;
    private final boolean reading;
    private final UserBuffer probe = new UserBuffer();
    private MemorySegment block = MemorySegment.NULL;
    private MemorySegment staging = MemorySegment.NULL;
    private @Nullable ByteBuffer[] held = {};
    private int first;
    private int count;
    private long staged;
    private long total;

    private VectorOperation(Handle handle, boolean socket, boolean reading) {
        super(handle);
        this.socket = socket;
        this.reading = reading;
    }

    public static VectorOperation reading(Handle handle, boolean socket) {
        return new VectorOperation(handle, socket, true);
    }

    public static VectorOperation writing(Handle handle, boolean socket) {
        return new VectorOperation(handle, socket, false);
    }

    /** Takes as many of the buffers as one call may have, one at least that is not empty. */
    public VectorOperation with(ByteBuffer[] buffers, int offset, int end) {
        held = buffers;
        first = offset;
        count = 0;
        staged = 0;
        total = 0;
        allocate(Math.min(Unistd.IOV_MAX, end - offset));
        boolean room = true;
        for (int i = offset; i < end && room && count < Unistd.IOV_MAX; i++) {
            room = !buffers[i].hasRemaining() || add(buffers[i]);
        }
        Memory.clear(header(), MessageHeader.SIZE);
        Memory.putLong(header() + MessageHeader.IOV, vector());
        Memory.putLong(header() + MessageHeader.IOVLEN, count);
        return this;
    }

    private void allocate(int entries) {
        long needed = MessageHeader.SIZE + (long) entries * MessageHeader.IOVEC_SIZE;
        if (block.byteSize() < needed) {
            block = Arena.ofAuto().allocate(needed, Long.BYTES);
        }
    }

    private long header() {
        return block.address();
    }

    private long vector() {
        return block.address() + MessageHeader.SIZE;
    }

    /** Whether there may be room for another. */
    private boolean add(ByteBuffer buffer) {
        probe.hold(buffer);
        try {
            long length = buffer.remaining();
            long address = probe.lasting() ? probe.address() : 0;
            boolean whole = true;
            if (address == 0) {
                long staging = stage(buffer);
                whole = staging == length;
                length = staging;
                address = this.staging.address() + staged;
                staged += length;
            }
            if (length > 0) {
                long entry = vector() + (long) count * MessageHeader.IOVEC_SIZE;
                Memory.putLong(entry, address);
                Memory.putLong(entry + Long.BYTES, length);
                total += length;
                count++;
            }
            return whole;
        } finally {
            probe.letGo();
        }
    }

    /** How much of the buffer has room in memory of ours, where it is then. */
    private long stage(ByteBuffer buffer) {
        if (staging.byteSize() == 0) {
            staging = Arena.ofAuto().allocate(STAGING, Long.BYTES);
        }
        long length = Math.min(buffer.remaining(), STAGING - staged);
        if (!reading) {
            staging.asSlice(staged, length).copyFrom(probe.segment().asSlice(0, length));
        }
        return length;
    }

    /**
     * Moves the buffers' positions past the {@code transferred} bytes, and brings what was read to
     * buffers that the kernel did not see; called on the thread that waited.
     */
    public void finish(long transferred) {
        long left = transferred;
        long source = 0;
        int buffer = first;
        for (int i = 0; i < count && left > 0; buffer++) {
            ByteBuffer user = held[buffer];
            assert user != null;
            if (user.hasRemaining()) {
                long entry = vector() + (long) i * MessageHeader.IOVEC_SIZE;
                long moved = Math.min(left, Memory.getLong(entry + Long.BYTES));
                boolean ours = isStaged(Memory.getLong(entry));
                if (ours && reading) {
                    copyOut(user, source, moved);
                }
                source += ours ? Memory.getLong(entry + Long.BYTES) : 0;
                user.position(user.position() + (int) moved);
                left -= moved;
                i++;
            }
        }
    }

    private boolean isStaged(long address) {
        return address >= staging.address() && address < staging.address() + staging.byteSize();
    }

    private void copyOut(ByteBuffer user, long source, long length) {
        MemorySegment.ofBuffer(user).asSlice(0, length).copyFrom(staging.asSlice(source, length));
    }

    /** The wait has ended; the buffers stay if the kernel still has them. */
    public void letGo() {
        if (!pending()) {
            held = new ByteBuffer[0];
        }
    }

    @Override
    public String call() {
        if (socket) {
            return reading ? "recvmsg" : "sendmsg";
        }
        return reading ? "readv" : "writev";
    }

    @Override
    public int readiness() {
        return reading ? Poll.POLLIN : Poll.POLLOUT;
    }

    @Override
    public long requested() {
        return total;
    }

    @Override
    public void shorten(int longest) {
        if (total > longest) {
            total = Math.min(longest, Memory.getLong(vector() + Long.BYTES));
            count = 1;
            Memory.putLong(vector() + Long.BYTES, total);
            Memory.putLong(header() + MessageHeader.IOVLEN, 1);
        }
    }

    @Override
    public long attempt(MemorySegment errno) {
        if (!mayCall(errno)) {
            return WOULD_BLOCK;
        }
        if (!socket) {
            return reading
                    ? Unistd.readv(errno, number(), vector(), count)
                    : hungUp(errno, Unistd.writev(errno, number(), vector(), count));
        }
        return reading
                ? SysSocket.recvmsg(errno, number(), header(), FLAGS)
                : SysSocket.sendmsg(errno, number(), header(), FLAGS);
    }

    @Override
    boolean encodable() {
        return socket;
    }

    @Override
    void encode(long entry) {
        Sqe.begin(entry, reading ? IoUring.OP_RECVMSG : IoUring.OP_SENDMSG, number());
        Sqe.memory(entry, header(), 1);
        Sqe.flags(entry, reading ? 0 : SysSocket.MSG_NOSIGNAL | SysSocket.MSG_WAITALL);
        Memory.putShort(entry + IoUring.SQE_IOPRIO, reading ? Sqe.pollFirst() : 0);
    }
}
