package dev.volokno.backend;

import dev.volokno.linux.Memory;
import dev.volokno.linux.Poll;
import dev.volokno.linux.SysSocket;
import java.lang.foreign.MemorySegment;

/**
 * recvmmsg(2) or sendmmsg(2): several datagrams by one call; how many. A ring has no such thing,
 * and waits for readiness instead.
 */
public final class BatchOperation extends Operation {
    /** {@code struct mmsghdr}. */
    public static final int MESSAGE_SIZE = 64;

    /** {@code struct iovec}. */
    public static final int VECTOR_SIZE = DatagramOperation.IOVEC_SIZE;

    private static final int MSG_LEN = 56;
    private static final int FLAGS = SysSocket.MSG_DONTWAIT | SysSocket.MSG_NOSIGNAL;

    private final boolean receiving;
    private long messages;
    private int count;

    private BatchOperation(Handle handle, boolean receiving) {
        super(handle);
        this.receiving = receiving;
    }

    public static BatchOperation receiving(Handle handle) {
        return new BatchOperation(handle, true);
    }

    public static BatchOperation sending(Handle handle) {
        return new BatchOperation(handle, false);
    }

    /** Prepares {@code amount} messages from an address on, which nobody frees meanwhile. */
    public BatchOperation with(long address, int amount) {
        messages = address;
        count = amount;
        return this;
    }

    /** Joins the parts of the message at {@code message}. */
    public static void lay(long message, long name, long vector) {
        Memory.putLong(message + DatagramOperation.MSG_NAME, name);
        Memory.putLong(message + DatagramOperation.MSG_IOV, vector);
        Memory.putLong(message + DatagramOperation.MSG_IOVLEN, 1);
    }

    public static void nameLength(long message, int length) {
        Memory.putInt(message + DatagramOperation.MSG_NAMELEN, length);
    }

    public static void data(long vector, long address, int length) {
        Memory.putLong(vector, address);
        Memory.putLong(vector + Long.BYTES, length);
    }

    /** How many bytes the message at {@code message} was received or sent with. */
    public static int length(long message) {
        return Memory.getInt(message + MSG_LEN);
    }

    public static boolean isTruncated(long message) {
        return (Memory.getInt(message + DatagramOperation.MSG_FLAGS) & SysSocket.MSG_TRUNC) != 0;
    }

    @Override
    public String call() {
        return receiving ? "recvmmsg" : "sendmmsg";
    }

    @Override
    public int readiness() {
        return receiving ? Poll.POLLIN : Poll.POLLOUT;
    }

    @Override
    public long attempt(MemorySegment errno) {
        return receiving
                ? SysSocket.recvmmsg(errno, number(), messages, count, FLAGS)
                : SysSocket.sendmmsg(errno, number(), messages, count, FLAGS);
    }
}
