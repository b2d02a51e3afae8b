package dev.volokno.backend;

import dev.volokno.linux.IoUring;
import dev.volokno.linux.Memory;
import dev.volokno.linux.Poll;
import dev.volokno.linux.SysSocket;
import dev.volokno.linux.Unistd;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/** read(2), or recv(2) on a socket: some bytes, 0 at the end. */
public final class ReadOperation extends Operation {
    private final boolean socket;
    private final UserBuffer target = new UserBuffer();

    public ReadOperation(Handle handle, boolean socket) {
        super(handle);
        this.socket = socket;
    }

    /** Sets where the bytes go: the buffer's remaining room, which must not be empty. */
    public ReadOperation into(ByteBuffer buffer) {
        target.hold(buffer);
        return this;
    }

    /** The wait has ended; the buffer stays if the kernel still has it. */
    public void letGo() {
        if (!pending()) {
            target.letGo();
        }
    }

    @Override
    public String call() {
        return socket ? "recv" : "read";
    }

    @Override
    public int readiness() {
        return Poll.POLLIN;
    }

    @Override
    public long requested() {
        return target.length();
    }

    @Override
    public void shorten(int longest) {
        target.shorten(longest);
    }

    @Override
    public long attempt(MemorySegment errno) {
        if (!mayCall(errno)) {
            return WOULD_BLOCK;
        }
        try {
            long result = transfer(errno);
            return result == 0 && hasNoWriterYet(errno) ? WOULD_BLOCK : result;
        } catch (IllegalStateException closed) {
            return UserBuffer.gone();
        }
    }

    /** At its end a fifo is hung up, which one that nobody has written to is not. */
    private boolean hasNoWriterYet(MemorySegment errno) {
        return handle != null
                && handle.awaitsWriter
                && Poll.now(errno, Kernel.scratch(errno), number(), Poll.POLLIN) == 0;
    }

    private long transfer(MemorySegment errno) {
        if (socket) {
            return target.lasting()
                    ? SysSocket.recv(
                            errno,
                            number(),
                            target.address(),
                            target.length(),
                            SysSocket.MSG_DONTWAIT)
                    : SysSocket.recv(errno, number(), target.segment(), SysSocket.MSG_DONTWAIT);
        }
        return target.lasting()
                ? Unistd.read(errno, number(), target.address(), target.length())
                : Unistd.read(errno, number(), target.segment());
    }

    @Override
    boolean encodable() {
        return socket && target.lasting();
    }

    @Override
    void encode(long entry) {
        Sqe.begin(entry, IoUring.OP_RECV, number());
        Sqe.memory(entry, target.address(), target.length());
        Memory.putShort(entry + IoUring.SQE_IOPRIO, Sqe.pollFirst());
    }
}
