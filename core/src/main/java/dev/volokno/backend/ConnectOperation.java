package dev.volokno.backend;

import dev.volokno.linux.Errno;
import dev.volokno.linux.IoUring;
import dev.volokno.linux.Memory;
import dev.volokno.linux.Poll;
import dev.volokno.linux.SysSocket;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** connect(2) on a non-blocking socket, to the end: 0 when connected. */
// A repeated connect(2) tells how a connection of TCP or UNIX sockets ended; one of vsock would
// begin anew when the first has failed, so there SO_ERROR is asked before.
public final class ConnectOperation extends Operation {
    private static final SysSocket.SocketOption ERROR =
            new SysSocket.SocketOption(SysSocket.SOL_SOCKET, SysSocket.SO_ERROR);

    private final MemorySegment address;
    private final boolean asks;
    private boolean begun;

    /** {@code address} is a native {@code struct sockaddr} that nobody frees. */
    public ConnectOperation(Handle handle, MemorySegment address) {
        this(handle, address, false);
    }

    private ConnectOperation(Handle handle, MemorySegment address, boolean asks) {
        super(handle);
        this.address = address;
        this.asks = asks;
    }

    /** For a family whose sockets tell a failure once, by {@code SO_ERROR}. */
    public static ConnectOperation asking(Handle handle, MemorySegment address) {
        return new ConnectOperation(handle, address, true);
    }

    @Override
    public String call() {
        return "connect";
    }

    @Override
    public int readiness() {
        return Poll.POLLOUT;
    }

    /** The first attempt starts it; a repeated connect(2) tells how it ended. */
    @Override
    public long attempt(MemorySegment errno) {
        if (asks && begun) {
            long error = error(errno);
            if (error < 0) {
                return error;
            }
        }
        begun = true;
        int result =
                SysSocket.connect(errno, number(), address.address(), (int) address.byteSize());
        if (Errno.EINPROGRESS.is(result) || Errno.EALREADY.is(result)) {
            return WOULD_BLOCK;
        }
        return Errno.EISCONN.is(result) ? 0 : result;
    }

    /** The failure that nobody has been told of yet, negated; 0 if there is none. */
    private long error(MemorySegment errno) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(ValueLayout.JAVA_INT);
            MemorySegment length = arena.allocateFrom(ValueLayout.JAVA_INT, Integer.BYTES);
            int result =
                    SysSocket.getsockopt(errno, number(), ERROR, value.address(), length.address());
            return result < 0 ? result : -value.get(ValueLayout.JAVA_INT, 0);
        }
    }

    @Override
    boolean encodable() {
        return !asks;
    }

    @Override
    void encode(long entry) {
        Sqe.begin(entry, IoUring.OP_CONNECT, number());
        Sqe.memory(entry, address.address(), 0);
        Memory.putLong(entry + IoUring.SQE_OFF, address.byteSize());
    }
}
