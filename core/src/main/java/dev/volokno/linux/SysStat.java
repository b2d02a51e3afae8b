package dev.volokno.linux;

import static dev.volokno.linux.Native.INT;
import static dev.volokno.linux.Native.POINTER;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** {@code <sys/stat.h>}: what a file is. By statx(2), whose structure is one for all. */
public final class SysStat {
    public static final int S_IFMT = 0xF000;
    public static final int S_IFIFO = 0x1000;
    public static final int S_IFCHR = 0x2000;
    public static final int S_IFREG = 0x8000;
    public static final int S_IFSOCK = 0xC000;

    public static final int S_IFLNK = 0xA000;
    public static final int S_IFDIR = 0x4000;
    public static final int S_IFBLK = 0x6000;
    public static final int UTIME_OMIT = 0x3ffffffe;
    public static final int UTIME_NOW = 0x3fffffff;

    public static final int STATX_SIZE = 256;
    public static final int STATX_TYPE = 1;
    public static final int STATX_BASIC_STATS = 0x7ff;
    public static final int STATX_BTIME = 0x800;
    public static final int STATX_MNT_ID = 0x1000;

    /** What direct I/O has to be aligned to (Linux 6.1). */
    public static final int STATX_DIOALIGN = 0x2000;

    public static final int STX_MASK = 0;
    public static final int STX_BLKSIZE = 4;
    public static final int STX_NLINK = 16;
    public static final int STX_UID = 20;
    public static final int STX_GID = 24;
    public static final int STX_MODE = 28;
    public static final int STX_INO = 32;
    public static final int STX_SIZE = 40;
    public static final int STX_BLOCKS = 48;
    public static final int STX_ATIME = 64;
    public static final int STX_BTIME = 80;
    public static final int STX_CTIME = 96;
    public static final int STX_MTIME = 112;
    public static final int STX_RDEV_MAJOR = 128;
    public static final int STX_RDEV_MINOR = 132;
    public static final int STX_DEV_MAJOR = 136;
    public static final int STX_DEV_MINOR = 140;
    public static final int STX_MNT_ID = 144;
    public static final int STX_DIO_MEM_ALIGN = 152;
    public static final int STX_DIO_OFFSET_ALIGN = 156;

    private static final MethodHandle MKFIFO = Native.capturing("mkfifo", INT, POINTER, INT);
    private static final MethodHandle STATX =
            Native.capturing("statx", INT, INT, POINTER, INT, INT, POINTER);
    private static final MethodHandle MKDIRAT = Native.capturing("mkdirat", INT, INT, POINTER, INT);
    private static final MethodHandle FCHMODAT =
            Native.capturing("fchmodat", INT, INT, POINTER, INT, INT);
    private static final MethodHandle FCHMOD = Native.capturing("fchmod", INT, INT, INT);
    private static final MethodHandle UTIMENSAT =
            Native.capturing("utimensat", INT, INT, POINTER, POINTER, INT);

    private SysStat() {}

    /** The {@code S_IFMT} bits of an open descriptor. */
    public static int typeOf(MemorySegment errno, int fd) {
        try (Arena arena = Arena.ofConfined()) {
            long empty = arena.allocateFrom("").address();
            long answer = arena.allocate(STATX_SIZE, 8).address();
            int result = statx(errno, fd, empty, Fcntl.AT_EMPTY_PATH, STATX_TYPE, answer);
            return result < 0
                    ? result
                    : Short.toUnsignedInt(Memory.getShort(answer + STX_MODE)) & S_IFMT;
        }
    }

    /** {@code answer} is the address of {@link #STATX_SIZE} bytes. */
    public static int statx(
            MemorySegment errno, int directory, long path, int flags, int mask, long answer) {
        try {
            return Native.result(
                    (int) STATX.invokeExact(errno, directory, path, flags, mask, answer), errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    public static int mkdirat(MemorySegment errno, int directory, long path, int mode) {
        try {
            return Native.result((int) MKDIRAT.invokeExact(errno, directory, path, mode), errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    public static int fchmodat(MemorySegment errno, int directory, long path, int mode, int flags) {
        try {
            return Native.result(
                    (int) FCHMODAT.invokeExact(errno, directory, path, mode, flags), errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    public static int fchmod(MemorySegment errno, int fd, int mode) {
        try {
            return Native.result((int) FCHMOD.invokeExact(errno, fd, mode), errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    /** {@code times} is the address of two {@code struct timespec}s: access and modification. */
    public static int utimensat(
            MemorySegment errno, int directory, long path, long times, int flags) {
        try {
            return Native.result(
                    (int) UTIMENSAT.invokeExact(errno, directory, path, times, flags), errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    /** {@code path} is the address of a C string. */
    public static int mkfifo(MemorySegment errno, long path, int mode) {
        try {
            return Native.result((int) MKFIFO.invokeExact(errno, path, mode), errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }
}
