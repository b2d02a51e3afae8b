package dev.volokno.net;

import dev.volokno.backend.BatchOperation;
import dev.volokno.linux.Memory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/**
 * Room for many datagrams that one system call receives or sends; nothing is allocated for each.
 * Made by {@link UdpSocket#newBatch}, used again and again, by one fiber at a time. What was
 * received can be sent back as it is: each has its peer's address.
 */
public final class DatagramBatch {
    private static final int NAME_SIZE = 32;
    private static final int PER_MESSAGE =
            BatchOperation.MESSAGE_SIZE + BatchOperation.VECTOR_SIZE + NAME_SIZE;

    private final int family;
    private final int bytes;
    private final MemorySegment block;
    private final MemorySegment payload;
    private final ByteBuffer[] data;
    private int size;

    DatagramBatch(int family, int capacity, int bytes) {
        if (capacity < 1 || bytes < 1) {
            throw new IllegalArgumentException(capacity + " datagrams of " + bytes + " bytes");
        }
        this.family = family;
        this.bytes = bytes;
        block = Arena.ofAuto().allocate((long) capacity * PER_MESSAGE, 8);
        payload = Arena.ofAuto().allocate((long) capacity * bytes, 8);
        data = new ByteBuffer[capacity];
        for (int i = 0; i < capacity; i++) {
            data[i] = payload.asSlice((long) i * bytes, bytes).asByteBuffer().limit(0);
            BatchOperation.lay(message(i), name(i), vector(i));
        }
    }

    private long message(int i) {
        return block.address() + (long) i * BatchOperation.MESSAGE_SIZE;
    }

    private long vector(int i) {
        return message(data.length) + (long) i * BatchOperation.VECTOR_SIZE;
    }

    private long name(int i) {
        return vector(data.length) + (long) i * NAME_SIZE;
    }

    /** How many datagrams it can hold. */
    public int capacity() {
        return data.length;
    }

    /** How many datagrams it holds. */
    public int size() {
        return size;
    }

    /** Forgets all of them. */
    public DatagramBatch clear() {
        size = 0;
        return this;
    }

    /**
     * The {@code i}-th datagram, from its position to its limit; always the same buffer, whose
     * content the next call that receives overwrites. What is sent is what remains in it.
     */
    public ByteBuffer data(int i) {
        return data[checked(i)];
    }

    /** Who sent the {@code i}-th datagram, or where it is to go. */
    public InetSocketAddress address(int i) {
        return SocketAddresses.decode(name(checked(i)));
    }

    /** Whether the {@code i}-th datagram, as received, was longer than there was room. */
    public boolean truncated(int i) {
        return BatchOperation.isTruncated(message(checked(i)));
    }

    /**
     * Adds a datagram: what remains in {@code source}, which is copied.
     *
     * @throws IllegalStateException if it is full
     * @throws IllegalArgumentException if the datagram is longer than one can be in here
     */
    public DatagramBatch add(ByteBuffer source, InetSocketAddress target) {
        if (size == data.length) {
            throw new IllegalStateException("it holds " + size + " datagrams already");
        }
        if (source.remaining() > bytes) {
            throw new IllegalArgumentException(
                    "a datagram of " + source.remaining() + " bytes, room for " + bytes);
        }
        SocketAddresses.encode(
                Memory.at(name(size), NAME_SIZE),
                SocketAddresses.resolved(target),
                target.getPort(),
                family);
        data[size].clear().put(source).flip();
        BatchOperation.nameLength(message(size), SocketAddresses.lengthOf(family));
        size++;
        return this;
    }

    private int checked(int i) {
        if (i < 0 || i >= size) {
            throw new IndexOutOfBoundsException("datagram " + i + " of " + size);
        }
        return i;
    }

    // ---- for the socket

    /** Makes all room free: the address of the first message. */
    long toReceive() {
        size = 0;
        for (int i = 0; i < data.length; i++) {
            BatchOperation.data(vector(i), payload.address() + (long) i * bytes, bytes);
            BatchOperation.nameLength(message(i), NAME_SIZE);
        }
        return message(0);
    }

    void received(int count) {
        size = count;
        for (int i = 0; i < count; i++) {
            data[i].clear().limit(BatchOperation.length(message(i)));
        }
    }

    /** The address of the {@code first} message, with those after it ready to be sent. */
    long toSend(int first) {
        for (int i = first; i < size; i++) {
            long start = payload.address() + (long) i * bytes + data[i].position();
            BatchOperation.data(vector(i), start, data[i].remaining());
        }
        return message(first);
    }

    @Override
    public String toString() {
        return size + " of at most " + data.length + " datagrams";
    }
}
