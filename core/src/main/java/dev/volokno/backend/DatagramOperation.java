package dev.volokno.backend;

import dev.volokno.linux.IoUring;
import dev.volokno.linux.Memory;
import dev.volokno.linux.Poll;
import dev.volokno.linux.SysSocket;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/** recvmsg(2) or sendmsg(2) of one datagram, with the peer's address. */
public final class DatagramOperation extends Operation {
    /** Room for any {@code struct sockaddr}. */
    public static final int NAME_CAPACITY = 128;

    /** Added to the length of a received datagram that did not fit. */
    public static final long TRUNCATED = 1L << 40;

    // struct msghdr of 64-bit Linux.
    private static final int MSG_NAME = 0;
    private static final int MSG_NAMELEN = 8;
    private static final int MSG_IOV = 16;
    private static final int MSG_IOVLEN = 24;
    private static final int MSG_FLAGS = 48;
    private static final int MSGHDR_SIZE = 56;
    private static final int IOVEC_SIZE = 16;

    private final boolean receiving;
    private final UserBuffer payload = new UserBuffer();
    private final MemorySegment block =
            Arena.ofAuto().allocate(MSGHDR_SIZE + IOVEC_SIZE + NAME_CAPACITY + 8L, Long.BYTES);
    private final long header = block.address();
    private final long vector = header + MSGHDR_SIZE;
    private final long name = vector + IOVEC_SIZE;
    private MemorySegment staging = MemorySegment.NULL;

    private DatagramOperation(Handle handle, boolean receiving) {
        super(handle);
        this.receiving = receiving;
    }

    public static DatagramOperation receiving(Handle handle) {
        return new DatagramOperation(handle, true);
    }

    public static DatagramOperation sending(Handle handle) {
        return new DatagramOperation(handle, false);
    }

    /**
     * Prepares the next datagram; {@code nameLength} bytes at {@link #name} are the address, or
     * room for one.
     */
    public DatagramOperation with(ByteBuffer buffer, int nameLength) {
        payload.hold(buffer);
        Memory.clear(header, MSGHDR_SIZE);
        Memory.putLong(header + MSG_NAME, nameLength == 0 ? 0 : name);
        Memory.putInt(header + MSG_NAMELEN, nameLength);
        Memory.putLong(header + MSG_IOV, vector);
        Memory.putLong(header + MSG_IOVLEN, 1);
        Memory.putLong(vector, payload.lasting() ? payload.address() : stage());
        Memory.putLong(vector + Long.BYTES, payload.length());
        return this;
    }

    /**
     * A message header cannot point into the heap, so such a payload goes through memory of ours.
     */
    private long stage() {
        if (staging.byteSize() < payload.length()) {
            staging = Arena.ofAuto().allocate(Math.max(payload.length(), 2048), 8);
        }
        if (!receiving) {
            staging.copyFrom(payload.segment());
        }
        return staging.address();
    }

    /** Brings what was received to the user's buffer; called on the thread that waited. */
    public void unstage(long length) {
        if (receiving && !payload.lasting() && length > 0) {
            payload.segment().copyFrom(staging.asSlice(0, length));
        }
    }

    public void letGo() {
        payload.letGo();
    }

    /** The address of the {@code struct sockaddr}. */
    public long name() {
        return name;
    }

    public int nameLength() {
        return Memory.getInt(header + MSG_NAMELEN);
    }

    @Override
    public String call() {
        return receiving ? "recvmsg" : "sendmsg";
    }

    @Override
    public int readiness() {
        return receiving ? Poll.POLLIN : Poll.POLLOUT;
    }

    @Override
    public long attempt(MemorySegment errno) {
        int flags = SysSocket.MSG_DONTWAIT | SysSocket.MSG_NOSIGNAL;
        return received(
                receiving
                        ? SysSocket.recvmsg(errno, number(), header, flags)
                        : SysSocket.sendmsg(errno, number(), header, flags));
    }

    @Override
    long received(long result) {
        boolean truncated =
                result >= 0 && (Memory.getInt(header + MSG_FLAGS) & SysSocket.MSG_TRUNC) != 0;
        return truncated ? result + TRUNCATED : result;
    }

    @Override
    boolean encodable() {
        return true;
    }

    @Override
    void encode(long entry) {
        Sqe.begin(entry, receiving ? IoUring.OP_RECVMSG : IoUring.OP_SENDMSG, number());
        Sqe.memory(entry, header, 1);
        Sqe.flags(entry, SysSocket.MSG_NOSIGNAL);
    }
}
