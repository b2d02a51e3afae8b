package dev.volokno.backend;

import dev.volokno.linux.IoUring;
import dev.volokno.linux.Memory;
import dev.volokno.linux.Poll;
import dev.volokno.linux.SysSocket;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** accept4(2): the number of a new non-blocking, close-on-exec socket, and its peer's address. */
public final class AcceptOperation extends Operation {
    private static final int FLAGS = SysSocket.SOCK_NONBLOCK | SysSocket.SOCK_CLOEXEC;

    private final MemorySegment block =
            Arena.ofAuto().allocate(DatagramOperation.NAME_CAPACITY + 8L, Long.BYTES);
    private final long name = block.address();
    private final long length = name + DatagramOperation.NAME_CAPACITY;

    public AcceptOperation(Handle listener) {
        super(listener);
    }

    /** The address of the peer's {@code struct sockaddr}, until the next accept. */
    public long name() {
        return name;
    }

    public int nameLength() {
        return Memory.getInt(length);
    }

    @Override
    public String call() {
        return "accept4";
    }

    @Override
    public int readiness() {
        return Poll.POLLIN;
    }

    @Override
    public long attempt(MemorySegment errno) {
        Memory.putInt(length, DatagramOperation.NAME_CAPACITY);
        return SysSocket.accept4(errno, number(), name, length, FLAGS);
    }

    @Override
    boolean encodable() {
        return true;
    }

    @Override
    void encode(long entry) {
        Memory.putInt(length, DatagramOperation.NAME_CAPACITY);
        Sqe.begin(entry, IoUring.OP_ACCEPT, number());
        Sqe.memory(entry, name, 0);
        Memory.putLong(entry + IoUring.SQE_OFF, length);
        Sqe.flags(entry, FLAGS);
    }
}
