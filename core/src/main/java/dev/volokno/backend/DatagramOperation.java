package dev.volokno.backend;

import dev.volokno.linux.Errno;
import dev.volokno.linux.IoUring;
import dev.volokno.linux.Memory;
import dev.volokno.linux.Poll;
import dev.volokno.linux.SysSocket;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/**
 * recvmsg(2) or sendmsg(2) of one datagram, with the peer's address and what goes beside it
 * (cmsg(3)).
 */
public final class DatagramOperation extends Operation {
    /** Room for any {@code struct sockaddr}. */
    public static final int NAME_CAPACITY = 128;

    /** Room for all control messages that the kernel is asked for by options. */
    public static final int CONTROL_CAPACITY = 256;

    /** Added to the length of a received datagram that did not fit. */
    public static final long TRUNCATED = 1L << 40;

    // struct msghdr of 64-bit Linux.
    static final int MSG_NAME = 0;
    static final int MSG_NAMELEN = 8;
    static final int MSG_IOV = 16;
    static final int MSG_IOVLEN = 24;
    private static final int MSG_CONTROL = 32;
    private static final int MSG_CONTROLLEN = 40;
    static final int MSG_FLAGS = 48;
    static final int MSGHDR_SIZE = 56;
    static final int IOVEC_SIZE = 16;

    /** Where the data of a control message begins (cmsg(3)). */
    private static final int CMSG_DATA = 16;

    private static final int CALL_FLAGS = SysSocket.MSG_DONTWAIT | SysSocket.MSG_NOSIGNAL;

    private final boolean receiving;
    private final UserBuffer payload = new UserBuffer();
    private final MemorySegment block =
            Arena.ofAuto()
                    .allocate(
                            MSGHDR_SIZE + IOVEC_SIZE + NAME_CAPACITY + (long) CONTROL_CAPACITY,
                            Long.BYTES);
    private final long header = block.address();
    private final long vector = header + MSGHDR_SIZE;
    private final long name = vector + IOVEC_SIZE;
    private final long control = name + NAME_CAPACITY;
    private MemorySegment staging = MemorySegment.NULL;

    /** The kernel keeps what became of datagrams, for whoever receives (ip(7), IP_RECVERR). */
    private boolean errorsKept;

    private boolean errorTold;

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
        errorTold = false;
        Memory.clear(header, MSGHDR_SIZE);
        Memory.putLong(header + MSG_NAME, nameLength == 0 ? 0 : name);
        Memory.putInt(header + MSG_NAMELEN, nameLength);
        Memory.putLong(header + MSG_IOV, vector);
        Memory.putLong(header + MSG_IOVLEN, 1);
        Memory.putLong(vector, payload.lasting() ? payload.address() : stage());
        Memory.putLong(vector + Long.BYTES, payload.length());
        return withControl(receiving ? CONTROL_CAPACITY : 0);
    }

    /** {@code length} bytes at {@link #control} go with it, or may come with it. */
    public DatagramOperation withControl(int length) {
        Memory.putLong(header + MSG_CONTROL, length == 0 ? 0 : control);
        Memory.putLong(header + MSG_CONTROLLEN, length);
        return this;
    }

    /** From now on the kernel keeps errors, one for each datagram that was not delivered. */
    public void keepErrors(boolean kept) {
        errorsKept = kept;
    }

    /** Whether a negative result is that of a datagram sent before: whose, is at {@link #name}. */
    public boolean isErrorTold() {
        return errorTold;
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

    /** The address of the control messages, aligned to eight bytes. */
    public long control() {
        return control;
    }

    public int controlLength() {
        return (int) Memory.getLong(header + MSG_CONTROLLEN);
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
        long result = call(errno, CALL_FLAGS);
        if (errorsKept && result < 0) {
            result = receiving ? keptErrorOr(errno, result) : secondAttempt(errno, result);
        }
        return received(result);
    }

    private long call(MemorySegment errno, int flags) {
        return receiving
                ? SysSocket.recvmsg(errno, number(), header, flags)
                : SysSocket.sendmsg(errno, number(), header, flags);
    }

    /**
     * The kernel lets the next call fail for a datagram that was sent before. Which one it was is
     * kept for a receiver; this one has to go out all the same.
     */
    private long secondAttempt(MemorySegment errno, long result) {
        return wouldBlock(result) ? result : call(errno, CALL_FLAGS);
    }

    /** Takes the oldest error out of the queue, if there is one. */
    private long keptErrorOr(MemorySegment errno, long result) {
        // The payload of what was sent is not wanted in the user's buffer.
        Memory.putLong(header + MSG_IOVLEN, 0);
        long taken = call(errno, CALL_FLAGS | SysSocket.MSG_ERRQUEUE);
        Memory.putLong(header + MSG_IOVLEN, 1);
        if (taken < 0) {
            return result;
        }
        errorTold = true;
        int kept = controlLength() > CMSG_DATA ? Memory.getInt(control + CMSG_DATA) : 0;
        return -(kept == 0 || kept == Errno.EAGAIN.number() ? Errno.EIO.number() : kept);
    }

    @Override
    long received(long result) {
        boolean truncated =
                result >= 0 && (Memory.getInt(header + MSG_FLAGS) & SysSocket.MSG_TRUNC) != 0;
        return truncated ? result + TRUNCATED : result;
    }

    @Override
    boolean encodable() {
        // A ring waits for the next datagram, whatever is kept beside it.
        return !errorsKept;
    }

    @Override
    void encode(long entry) {
        Sqe.begin(entry, receiving ? IoUring.OP_RECVMSG : IoUring.OP_SENDMSG, number());
        Sqe.memory(entry, header, 1);
        Sqe.flags(entry, SysSocket.MSG_NOSIGNAL);
    }
}
