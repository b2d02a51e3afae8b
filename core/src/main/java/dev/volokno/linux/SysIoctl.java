package dev.volokno.linux;

import static dev.volokno.linux.Native.INT;
import static dev.volokno.linux.Native.LONG;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** {@code <sys/ioctl.h>}. */
public final class SysIoctl {
    public static final int FIONREAD = 0x541B;

    private static final MethodHandle IOCTL = Native.variadic("ioctl", 2, INT, INT, LONG, LONG);

    private SysIoctl() {}

    /** {@code argument} is a value or an address, as the request wants it. */
    public static int ioctl(MemorySegment errno, int fd, int request, long argument) {
        try {
            return Native.result(
                    (int) IOCTL.invokeExact(errno, fd, Integer.toUnsignedLong(request), argument),
                    errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }
}
