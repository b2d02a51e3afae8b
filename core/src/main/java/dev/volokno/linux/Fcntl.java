package dev.volokno.linux;

import static dev.volokno.linux.Native.INT;
import static dev.volokno.linux.Native.LONG;
import static dev.volokno.linux.Native.POINTER;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** {@code <fcntl.h>}. */
public final class Fcntl {
    public static final int O_RDONLY = 0;
    public static final int O_WRONLY = 1;
    public static final int O_RDWR = 2;
    public static final int O_ACCMODE = 3;
    public static final int O_NOCTTY = 0x100;
    public static final int O_NONBLOCK = 0x800;
    public static final int O_CLOEXEC = 0x80000;
    public static final int O_CREAT = 0x40;
    public static final int O_EXCL = 0x80;
    public static final int O_TRUNC = 0x200;
    public static final int O_APPEND = 0x400;
    public static final int O_DSYNC = 0x1000;
    public static final int O_SYNC = 0x101000;
    public static final int O_NOATIME = 0x40000;
    public static final int O_PATH = 0x200000;
    public static final int O_DIRECT = Arch.CURRENT.directFlag();
    public static final int O_DIRECTORY = Arch.CURRENT.directoryFlag();
    public static final int O_NOFOLLOW = Arch.CURRENT.noFollowFlag();
    public static final int O_TMPFILE = 0x400000 | Arch.CURRENT.directoryFlag();

    public static final int AT_FDCWD = -100;
    public static final int AT_SYMLINK_NOFOLLOW = 0x100;
    public static final int AT_REMOVEDIR = 0x200;
    public static final int AT_SYMLINK_FOLLOW = 0x400;
    public static final int AT_EMPTY_PATH = 0x1000;

    public static final int FALLOC_FL_KEEP_SIZE = 1;
    public static final int FALLOC_FL_PUNCH_HOLE = 2;
    public static final int FALLOC_FL_ZERO_RANGE = 0x10;

    public static final int SYNC_FILE_RANGE_WAIT_BEFORE = 1;
    public static final int SYNC_FILE_RANGE_WRITE = 2;
    public static final int SYNC_FILE_RANGE_WAIT_AFTER = 4;

    public static final int POSIX_FADV_NORMAL = 0;
    public static final int POSIX_FADV_RANDOM = 1;
    public static final int POSIX_FADV_SEQUENTIAL = 2;
    public static final int POSIX_FADV_WILLNEED = 3;
    public static final int POSIX_FADV_DONTNEED = 4;
    public static final int POSIX_FADV_NOREUSE = 5;

    /** Locks of an open file description, not of a process (Linux 3.15). */
    public static final int F_OFD_GETLK = 36;

    public static final int F_OFD_SETLK = 37;
    public static final int F_RDLCK = 0;
    public static final int F_WRLCK = 1;
    public static final int F_UNLCK = 2;
    public static final int F_ADD_SEALS = 1033;
    public static final int F_GET_SEALS = 1034;
    public static final int F_SEAL_SEAL = 1;
    public static final int F_SEAL_SHRINK = 2;
    public static final int F_SEAL_GROW = 4;
    public static final int F_SEAL_WRITE = 8;

    public static final int FLOCK_SIZE = 32;
    public static final int FLOCK_TYPE = 0;
    public static final int FLOCK_WHENCE = 2;
    public static final int FLOCK_START = 8;
    public static final int FLOCK_LEN = 16;
    public static final int FLOCK_PID = 24;

    public static final int F_DUPFD_CLOEXEC = 1030;
    public static final int F_GETFD = 1;
    public static final int F_SETFD = 2;
    public static final int F_GETFL = 3;
    public static final int F_SETFL = 4;
    public static final int F_SETPIPE_SZ = 1031;
    public static final int FD_CLOEXEC = 1;
    public static final int F_GETPIPE_SZ = 1032;

    public static final int SPLICE_F_MOVE = 1;
    public static final int SPLICE_F_NONBLOCK = 2;

    private static final MethodHandle OPENAT = Native.variadic("openat", 3, INT, INT, POINTER, INT);
    private static final MethodHandle OPEN = Native.variadic("open", 2, INT, POINTER, INT, INT);
    private static final MethodHandle SPLICE =
            Native.capturing("splice", LONG, INT, POINTER, INT, POINTER, LONG, INT);
    private static final MethodHandle FCNTL = Native.variadic("fcntl", 2, INT, INT, INT, LONG);
    private static final MethodHandle FALLOCATE =
            Native.capturing("fallocate", INT, INT, INT, LONG, LONG);
    private static final MethodHandle SYNCFILERANGE =
            Native.capturing("sync_file_range", INT, INT, LONG, LONG, INT);

    private static final MethodHandle POSIX_FADVISE =
            Native.plain("posix_fadvise", INT, INT, LONG, LONG, INT);

    private Fcntl() {}

    /** Returns the error's number instead of setting errno: 0, or it negated. */
    public static int fadvise(int fd, long offset, long length, int advice) {
        try {
            return -(int) POSIX_FADVISE.invokeExact(fd, offset, length, advice);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    /** {@code path} is the address of a C string. */
    public static int open(MemorySegment errno, long path, int flags, int mode) {
        try {
            return Native.result((int) OPEN.invokeExact(errno, path, flags, mode), errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    /** Like {@link #open}, with a path that is relative to an open directory. */
    public static int openat(MemorySegment errno, int directory, long path, int flags) {
        try {
            return Native.result((int) OPENAT.invokeExact(errno, directory, path, flags), errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    public static int fcntl(MemorySegment errno, int fd, int command, long argument) {
        try {
            return Native.result((int) FCNTL.invokeExact(errno, fd, command, argument), errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    public static int fallocate(MemorySegment errno, int fd, int mode, long offset, long length) {
        try {
            return Native.result(
                    (int) FALLOCATE.invokeExact(errno, fd, mode, offset, length), errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    public static int syncFileRange(
            MemorySegment errno, int fd, long offset, long length, int flags) {
        try {
            return Native.result(
                    (int) SYNCFILERANGE.invokeExact(errno, fd, offset, length, flags), errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    /** Moves bytes between two descriptors, one of which is a pipe; neither has an offset. */
    public static long splice(MemorySegment errno, int from, int to, long length, int flags) {
        try {
            return Native.result(
                    (long) SPLICE.invokeExact(errno, from, 0L, to, 0L, length, flags), errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }
}
