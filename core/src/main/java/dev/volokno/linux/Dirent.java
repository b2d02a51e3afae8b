package dev.volokno.linux;

import static dev.volokno.linux.Native.INT;
import static dev.volokno.linux.Native.LONG;
import static dev.volokno.linux.Native.POINTER;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** {@code <dirent.h>}: the entries of a directory. */
public final class Dirent {
    public static final int DT_UNKNOWN = 0;
    public static final int DT_FIFO = 1;
    public static final int DT_CHR = 2;
    public static final int DT_DIR = 4;
    public static final int DT_BLK = 6;
    public static final int DT_REG = 8;
    public static final int DT_LNK = 10;
    public static final int DT_SOCK = 12;

    /** {@code struct dirent64}. */
    public static final int D_RECLEN = 16;

    public static final int D_TYPE = 18;
    public static final int D_NAME = 19;

    private static final MethodHandle GETDENTS64 =
            Native.capturing("getdents64", LONG, INT, POINTER, LONG);

    private Dirent() {}

    /** Fills the buffer with entries: how many bytes, 0 at the end (glibc 2.30). */
    public static long getdents64(MemorySegment errno, int fd, long buffer, long length) {
        try {
            return Native.result((long) GETDENTS64.invokeExact(errno, fd, buffer, length), errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }
}
