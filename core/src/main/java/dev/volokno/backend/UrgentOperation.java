package dev.volokno.backend;

import dev.volokno.linux.Memory;
import dev.volokno.linux.Poll;
import dev.volokno.linux.SysSocket;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * recv(2) or send(2) of the one byte of urgent data: 1, or 0 if none will come because the peer has
 * ended its output.
 */
public final class UrgentOperation extends Operation {
    private static final int FLAGS =
            SysSocket.MSG_OOB | SysSocket.MSG_DONTWAIT | SysSocket.MSG_NOSIGNAL;
    private static final int ENDED = Poll.POLLRDHUP | Poll.POLLHUP | Poll.POLLERR;

    private final boolean receiving;
    private final MemorySegment value = Arena.ofAuto().allocate(1);

    private UrgentOperation(Handle handle, boolean receiving) {
        super(handle);
        this.receiving = receiving;
    }

    public static UrgentOperation receiving(Handle handle) {
        return new UrgentOperation(handle, true);
    }

    public static UrgentOperation sending(Handle handle, byte value) {
        var operation = new UrgentOperation(handle, false);
        Memory.putByte(operation.value.address(), value);
        return operation;
    }

    /** What was received. */
    public int value() {
        return Byte.toUnsignedInt(Memory.getByte(value.address()));
    }

    @Override
    public String call() {
        return receiving ? "recv" : "send";
    }

    @Override
    public int readiness() {
        return receiving ? Poll.POLLPRI | Poll.POLLRDHUP : Poll.POLLOUT;
    }

    @Override
    boolean alwaysAsks() {
        return true;
    }

    @Override
    public long attempt(MemorySegment errno) {
        if (!receiving) {
            return SysSocket.send(errno, number(), value.address(), 1, FLAGS);
        }
        int found = Poll.now(errno, Kernel.scratch(errno), number(), readiness());
        if ((found & Poll.POLLPRI) != 0) {
            return SysSocket.recv(errno, number(), value.address(), 1, FLAGS);
        }
        return (found & ENDED) != 0 ? 0 : WOULD_BLOCK;
    }
}
