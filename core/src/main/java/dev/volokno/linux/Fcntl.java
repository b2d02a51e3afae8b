package dev.volokno.linux;

import static dev.volokno.linux.Native.INT;
import static dev.volokno.linux.Native.LONG;
import static dev.volokno.linux.Native.POINTER;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** {@code <fcntl.h>}. The values here are those of x86-64 and aarch64 alike. */
public final class Fcntl {
    public static final int O_RDONLY = 0;
    public static final int O_WRONLY = 1;
    public static final int O_RDWR = 2;
    public static final int O_ACCMODE = 3;
    public static final int O_NOCTTY = 0x100;
    public static final int O_NONBLOCK = 0x800;
    public static final int O_CLOEXEC = 0x80000;

    public static final int F_DUPFD_CLOEXEC = 1030;
    public static final int F_GETFD = 1;
    public static final int F_SETFD = 2;
    public static final int F_GETFL = 3;
    public static final int F_SETFL = 4;
    public static final int FD_CLOEXEC = 1;
    public static final int F_SETPIPE_SZ = 1031;
    public static final int F_GETPIPE_SZ = 1032;

    public static final int SPLICE_F_MOVE = 1;
    public static final int SPLICE_F_NONBLOCK = 2;

    private static final MethodHandle OPEN = Native.variadic("open", 2, INT, POINTER, INT, INT);
    private static final MethodHandle SPLICE =
            Native.capturing("splice", LONG, INT, POINTER, INT, POINTER, LONG, INT);
    private static final MethodHandle FCNTL = Native.variadic("fcntl", 2, INT, INT, INT, LONG);

    private Fcntl() {}

    /** {@code path} is the address of a C string. */
    public static int open(MemorySegment errno, long path, int flags, int mode) {
        try {
            return Native.result((int) OPEN.invokeExact(errno, path, flags, mode), errno);
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
