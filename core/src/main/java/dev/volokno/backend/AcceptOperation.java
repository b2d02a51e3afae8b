package dev.volokno.backend;

import dev.volokno.linux.IoUring;
import dev.volokno.linux.Poll;
import dev.volokno.linux.SysSocket;
import java.lang.foreign.MemorySegment;

/** accept4(2): the number of a new non-blocking, close-on-exec socket. */
public final class AcceptOperation extends Operation {
    private static final int FLAGS = SysSocket.SOCK_NONBLOCK | SysSocket.SOCK_CLOEXEC;

    public AcceptOperation(Handle listener) {
        super(listener);
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
        return SysSocket.accept4(errno, number(), 0, 0, FLAGS);
    }

    @Override
    boolean encodable() {
        return true;
    }

    @Override
    void encode(long entry) {
        Sqe.begin(entry, IoUring.OP_ACCEPT, number());
        Sqe.flags(entry, FLAGS);
    }
}
