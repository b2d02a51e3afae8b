package dev.volokno.backend;

import dev.volokno.linux.IoUring;
import dev.volokno.linux.Poll;
import dev.volokno.linux.SysSocket;
import dev.volokno.linux.Unistd;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/**
 * write(2), or send(2) on a socket. A ring's send waits until all is taken; a call takes what fits
 * now.
 */
public final class WriteOperation extends Operation {
    private final boolean socket;
    private final UserBuffer source = new UserBuffer();

    public WriteOperation(Handle handle, boolean socket) {
        super(handle);
        this.socket = socket;
    }

    /** Sets where the bytes come from: what remains in the buffer. */
    public WriteOperation from(ByteBuffer buffer) {
        source.hold(buffer);
        return this;
    }

    /** The wait has ended; the buffer stays if the kernel still has it. */
    public void letGo() {
        if (!pending()) {
            source.letGo();
        }
    }

    @Override
    public String call() {
        return socket ? "send" : "write";
    }

    @Override
    public int readiness() {
        return Poll.POLLOUT;
    }

    @Override
    public long requested() {
        return source.length();
    }

    @Override
    public void shorten(int longest) {
        source.shorten(longest);
    }

    @Override
    public long attempt(MemorySegment errno) {
        return hungUp(errno, write(errno));
    }

    private long write(MemorySegment errno) {
        if (!mayCall(errno)) {
            return WOULD_BLOCK;
        }
        try {
            return transfer(errno);
        } catch (IllegalStateException closed) {
            return UserBuffer.gone();
        }
    }

    private long transfer(MemorySegment errno) {
        if (socket) {
            int flags = SysSocket.MSG_DONTWAIT | SysSocket.MSG_NOSIGNAL;
            return source.lasting()
                    ? SysSocket.send(errno, number(), source.address(), source.length(), flags)
                    : SysSocket.send(errno, number(), source.segment(), flags);
        }
        // SIGPIPE does not come: the JVM ignores it for the whole process.
        return source.lasting()
                ? Unistd.write(errno, number(), source.address(), source.length())
                : Unistd.write(errno, number(), source.segment());
    }

    @Override
    boolean encodable() {
        return socket && source.lasting();
    }

    @Override
    void encode(long entry) {
        Sqe.begin(entry, IoUring.OP_SEND, number());
        Sqe.memory(entry, source.address(), source.length());
        Sqe.flags(entry, SysSocket.MSG_NOSIGNAL | SysSocket.MSG_WAITALL);
    }
}
