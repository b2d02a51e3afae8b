package dev.volokno.backend;

import dev.volokno.linux.IoUring;
import dev.volokno.linux.Memory;
import dev.volokno.linux.Poll;
import dev.volokno.linux.SysSocket;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/** recvmsg(2) or sendmsg(2) of one buffer, with an address and control messages (unix(7)). */
public final class MessageOperation extends Operation {
    /** Room for as many descriptors as the kernel passes at a time, and credentials. */
    public static final int CONTROL_CAPACITY = 1280;

    private static final int NAME_CAPACITY = DatagramOperation.NAME_CAPACITY;
    private static final int STAGING = 2048;

    private final boolean receiving;
    private final UserBuffer payload = new UserBuffer();
    private final MemorySegment block =
            Arena.ofAuto()
                    .allocate(
                            MessageHeader.SIZE
                                    + MessageHeader.IOVEC_SIZE
                                    + (long) NAME_CAPACITY
                                    + CONTROL_CAPACITY,
                            Long.BYTES);
    private final long header = block.address();
    private final long vector = header + MessageHeader.SIZE;
    private final long name = vector + MessageHeader.IOVEC_SIZE;
    private final long control = name + NAME_CAPACITY;
    private MemorySegment staging = MemorySegment.NULL;

    private MessageOperation(Handle handle, boolean receiving) {
        super(handle);
        this.receiving = receiving;
    }

    public static MessageOperation receiving(Handle handle) {
        return new MessageOperation(handle, true);
    }

    public static MessageOperation sending(Handle handle) {
        return new MessageOperation(handle, false);
    }

    /**
     * Prepares the next message; {@code nameLength} and {@code controlLength} bytes at {@link
     * #name} and {@link #control} are filled, or room to be filled.
     */
    public MessageOperation with(ByteBuffer buffer, int nameLength, int controlLength) {
        payload.hold(buffer);
        Memory.clear(header, MessageHeader.SIZE);
        Memory.putLong(header + MessageHeader.NAME, nameLength == 0 ? 0 : name);
        Memory.putInt(header + MessageHeader.NAMELEN, nameLength);
        Memory.putLong(header + MessageHeader.IOV, vector);
        Memory.putLong(header + MessageHeader.IOVLEN, 1);
        Memory.putLong(header + MessageHeader.CONTROL, controlLength == 0 ? 0 : control);
        Memory.putLong(header + MessageHeader.CONTROLLEN, controlLength);
        Memory.putLong(vector, payload.lasting() ? payload.address() : stage());
        Memory.putLong(vector + Long.BYTES, payload.length());
        return this;
    }

    private long stage() {
        if (staging.byteSize() < payload.length()) {
            staging = Arena.ofAuto().allocate(Math.max(payload.length(), STAGING), Long.BYTES);
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
        if (!pending()) {
            payload.letGo();
        }
    }

    /** The address of the {@code struct sockaddr}. */
    public long name() {
        return name;
    }

    public int nameLength() {
        return Memory.getInt(header + MessageHeader.NAMELEN);
    }

    /** The address of the control messages. */
    public long control() {
        return control;
    }

    public int controlLength() {
        return (int) Memory.getLong(header + MessageHeader.CONTROLLEN);
    }

    /** Whether a received message was longer than the buffer. */
    public boolean isTruncated() {
        return (Memory.getInt(header + MessageHeader.FLAGS) & SysSocket.MSG_TRUNC) != 0;
    }

    /** Whether there were more control messages than room, or than this process may have. */
    public boolean isControlTruncated() {
        return (Memory.getInt(header + MessageHeader.FLAGS) & SysSocket.MSG_CTRUNC) != 0;
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
        int flags = flags() | SysSocket.MSG_DONTWAIT;
        return receiving
                ? SysSocket.recvmsg(errno, number(), header, flags)
                : SysSocket.sendmsg(errno, number(), header, flags);
    }

    private int flags() {
        return receiving ? SysSocket.MSG_CMSG_CLOEXEC : SysSocket.MSG_NOSIGNAL;
    }

    @Override
    boolean encodable() {
        return true;
    }

    @Override
    void encode(long entry) {
        Sqe.begin(entry, receiving ? IoUring.OP_RECVMSG : IoUring.OP_SENDMSG, number());
        Sqe.memory(entry, header, 1);
        Sqe.flags(entry, flags());
    }
}
