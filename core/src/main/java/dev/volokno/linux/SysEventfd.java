package dev.volokno.linux;

import static dev.volokno.linux.Native.INT;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** {@code <sys/eventfd.h>}. */
public final class SysEventfd {
    public static final int EFD_SEMAPHORE = 1;
    public static final int EFD_NONBLOCK = Fcntl.O_NONBLOCK;
    public static final int EFD_CLOEXEC = Fcntl.O_CLOEXEC;

    private static final MethodHandle EVENTFD = Native.capturing("eventfd", INT, INT, INT);

    private SysEventfd() {}

    public static int eventfd(MemorySegment errno, int initial, int flags) {
        try {
            return Native.result((int) EVENTFD.invokeExact(errno, initial, flags), errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }
}
