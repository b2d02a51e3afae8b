package dev.volokno.backend;

import dev.volokno.linux.Errno;
import dev.volokno.linux.Poll;
import dev.volokno.linux.Unistd;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** read(2) or write(2) of the eight bytes that an eventfd or a timerfd moves at a time. */
public final class EventOperation extends Operation {
    private final boolean taking;
    private final MemorySegment value = Arena.ofAuto().allocate(ValueLayout.JAVA_LONG);

    private EventOperation(Handle handle, boolean taking) {
        super(handle);
        this.taking = taking;
    }

    public static EventOperation taking(Handle handle) {
        return new EventOperation(handle, true);
    }

    public static EventOperation adding(Handle handle, long count) {
        var operation = new EventOperation(handle, false);
        operation.value.set(ValueLayout.JAVA_LONG, 0, count);
        return operation;
    }

    /** What was taken; 0 if a timer told that the clock was set. */
    public long value() {
        return value.get(ValueLayout.JAVA_LONG, 0);
    }

    @Override
    public String call() {
        return taking ? "read" : "write";
    }

    @Override
    public int readiness() {
        return taking ? Poll.POLLIN : Poll.POLLOUT;
    }

    @Override
    public long attempt(MemorySegment errno) {
        return taking ? take(errno) : Unistd.write(errno, number(), value.address(), Long.BYTES);
    }

    private long take(MemorySegment errno) {
        long result = Unistd.read(errno, number(), value.address(), Long.BYTES);
        if (!Errno.ECANCELED.is(result)) {
            return result;
        }
        // A timer's word for a clock that was set. To whoever waits it would mean that the wait was
        // cancelled.
        value.set(ValueLayout.JAVA_LONG, 0, 0);
        return 0;
    }
}
