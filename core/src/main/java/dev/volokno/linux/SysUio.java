package dev.volokno.linux;

import static dev.volokno.linux.Native.INT;
import static dev.volokno.linux.Native.LONG;
import static dev.volokno.linux.Native.POINTER;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** {@code <sys/uio.h>}: bytes in and out of several places at once. */
public final class SysUio {
    /** Fail with {@code EAGAIN} rather than wait for a disk (reads 4.14, buffered writes later). */
    public static final int RWF_NOWAIT = 8;

    public static final int IOVEC_SIZE = 16;
    public static final int IOV_BASE = 0;
    public static final int IOV_LEN = 8;

    private static final MethodHandle PREADV2 =
            Native.capturing("preadv2", LONG, INT, POINTER, INT, LONG, INT);
    private static final MethodHandle PWRITEV2 =
            Native.capturing("pwritev2", LONG, INT, POINTER, INT, LONG, INT);

    private SysUio() {}

    /** Fills the {@code struct iovec} at {@code address}. */
    public static void putIovec(long address, long base, long length) {
        Memory.putLong(address + IOV_BASE, base);
        Memory.putLong(address + IOV_LEN, length);
    }

    /** {@code places} is the address of {@code count} {@code struct iovec}s. */
    public static long preadv2(
            MemorySegment errno, int fd, long places, int count, long offset, int flags) {
        try {
            return Native.result(
                    (long) PREADV2.invokeExact(errno, fd, places, count, offset, flags), errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    /** {@code places} is the address of {@code count} {@code struct iovec}s. */
    public static long pwritev2(
            MemorySegment errno, int fd, long places, int count, long offset, int flags) {
        try {
            return Native.result(
                    (long) PWRITEV2.invokeExact(errno, fd, places, count, offset, flags), errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }
}
