package dev.volokno.backend;

import dev.volokno.linux.IoUring;
import dev.volokno.linux.Memory;
import dev.volokno.linux.Poll;
import dev.volokno.linux.SysSocket;
import dev.volokno.linux.Unistd;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/**
 * readv(2) or writev(2), on a socket recvmsg(2) or sendmsg(2): bytes for or from many buffers in
 * one call. Buffers that the kernel must not keep go through memory of ours.
 */
public final class VectorOperation extends Operation {
    private static final int FLAGS = SysSocket.MSG_DONTWAIT | SysSocket.MSG_NOSIGNAL;

    private final boolean socket;
    private final boolean reading;
    private final BufferVector vector;
    private final MemorySegment header = Arena.ofAuto().allocate(MessageHeader.SIZE, Long.BYTES);

    private VectorOperation(Handle handle, boolean socket, boolean reading) {
        super(handle);
        this.socket = socket;
        this.reading = reading;
        vector = new BufferVector(reading);
    }

    public static VectorOperation reading(Handle handle, boolean socket) {
        return new VectorOperation(handle, socket, true);
    }

    public static VectorOperation writing(Handle handle, boolean socket) {
        return new VectorOperation(handle, socket, false);
    }

    /** Takes as many of the buffers as one call may have, one at least that is not empty. */
    public VectorOperation with(ByteBuffer[] buffers, int offset, int end) {
        vector.take(buffers, offset, end, LONGEST_TRANSFER);
        Memory.clear(header.address(), MessageHeader.SIZE);
        Memory.putLong(header.address() + MessageHeader.IOV, vector.address());
        Memory.putLong(header.address() + MessageHeader.IOVLEN, vector.count());
        return this;
    }

    /**
     * Moves the buffers' positions past the {@code transferred} bytes, and brings what was read to
     * buffers that the kernel did not see; called on the thread that waited.
     */
    public void finish(long transferred) {
        vector.finish(transferred);
    }

    /** The wait has ended; the buffers stay if the kernel still has them. */
    public void letGo() {
        if (!pending()) {
            vector.letGo();
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
        return vector.total();
    }

    @Override
    public void shorten(int longest) {
        vector.shorten(longest);
        Memory.putLong(header.address() + MessageHeader.IOVLEN, vector.count());
    }

    @Override
    public long attempt(MemorySegment errno) {
        if (!mayCall(errno)) {
            return WOULD_BLOCK;
        }
        if (!socket) {
            return reading
                    ? Unistd.readv(errno, number(), vector.address(), vector.count())
                    : hungUp(
                            errno,
                            Unistd.writev(errno, number(), vector.address(), vector.count()));
        }
        return reading
                ? SysSocket.recvmsg(errno, number(), header.address(), FLAGS)
                : SysSocket.sendmsg(errno, number(), header.address(), FLAGS);
    }

    @Override
    boolean encodable() {
        return socket;
    }

    @Override
    void encode(long entry) {
        Sqe.begin(entry, reading ? IoUring.OP_RECVMSG : IoUring.OP_SENDMSG, number());
        Sqe.memory(entry, header.address(), 1);
        Sqe.flags(entry, reading ? 0 : SysSocket.MSG_NOSIGNAL | SysSocket.MSG_WAITALL);
        Memory.putShort(entry + IoUring.SQE_IOPRIO, reading ? Sqe.pollFirst() : 0);
    }
}
