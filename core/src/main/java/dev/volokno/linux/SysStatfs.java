package dev.volokno.linux;

import static dev.volokno.linux.Native.INT;
import static dev.volokno.linux.Native.POINTER;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** {@code <sys/statfs.h>}: file systems. */
public final class SysStatfs {
    public static final int TMPFS_MAGIC = 0x01021994;
    public static final int RAMFS_MAGIC = 0x858458f6;
    public static final int HUGETLBFS_MAGIC = 0x958458f6;

    public static final int STATFS_SIZE = 120;
    public static final int F_TYPE = 0;
    public static final int F_BSIZE = 8;
    public static final int F_BLOCKS = 16;
    public static final int F_BFREE = 24;
    public static final int F_BAVAIL = 32;
    public static final int F_FILES = 40;
    public static final int F_FFREE = 48;
    public static final int F_NAMELEN = 64;
    public static final int F_FRSIZE = 72;
    public static final int F_FLAGS = 80;

    private static final MethodHandle STATFS = Native.capturing("statfs", INT, POINTER, POINTER);
    private static final MethodHandle FSTATFS = Native.capturing("fstatfs", INT, INT, POINTER);

    private SysStatfs() {}

    public static int statfs(MemorySegment errno, long path, long answer) {
        try {
            return Native.result((int) STATFS.invokeExact(errno, path, answer), errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    public static int fstatfs(MemorySegment errno, int fd, long answer) {
        try {
            return Native.result((int) FSTATFS.invokeExact(errno, fd, answer), errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }
}
