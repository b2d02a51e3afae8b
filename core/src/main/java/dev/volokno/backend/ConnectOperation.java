package dev.volokno.backend;

import dev.volokno.linux.Errno;
import dev.volokno.linux.IoUring;
import dev.volokno.linux.Memory;
import dev.volokno.linux.Poll;
import dev.volokno.linux.SysSocket;
import java.lang.foreign.MemorySegment;

/** connect(2) on a non-blocking socket, to the end: 0 when connected. */
public final class ConnectOperation extends Operation {
    private final MemorySegment address;

    /** {@code address} is a native {@code struct sockaddr} that nobody frees. */
    public ConnectOperation(Handle handle, MemorySegment address) {
        super(handle);
        this.address = address;
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
        int result =
                SysSocket.connect(errno, number(), address.address(), (int) address.byteSize());
        if (Errno.EINPROGRESS.is(result) || Errno.EALREADY.is(result)) {
            return WOULD_BLOCK;
        }
        return Errno.EISCONN.is(result) ? 0 : result;
    }

    @Override
    boolean encodable() {
        return true;
    }

    @Override
    void encode(long entry) {
        Sqe.begin(entry, IoUring.OP_CONNECT, number());
        Sqe.memory(entry, address.address(), 0);
        Memory.putLong(entry + IoUring.SQE_OFF, address.byteSize());
    }
}
