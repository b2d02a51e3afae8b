package dev.volokno.linux;

import static dev.volokno.linux.Native.INT;
import static dev.volokno.linux.Native.POINTER;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** {@code <sys/stat.h>}: what a descriptor is. By statx(2), whose structure is one for all. */
public final class SysStat {
    public static final int S_IFMT = 0xF000;
    public static final int S_IFIFO = 0x1000;
    public static final int S_IFCHR = 0x2000;
    public static final int S_IFREG = 0x8000;
    public static final int S_IFSOCK = 0xC000;

    private static final int STATX_SIZE = 256;
    private static final int STATX_MODE = 28;
    private static final int STATX_TYPE = 1;
    private static final int AT_EMPTY_PATH = 0x1000;
    private static final MethodHandle MKFIFO = Native.capturing("mkfifo", INT, POINTER, INT);
    private static final MethodHandle STATX =
            Native.capturing("statx", INT, INT, POINTER, INT, INT, POINTER);

    private SysStat() {}

    /** The {@code S_IFMT} bits of an open descriptor. */
    public static int typeOf(MemorySegment errno, int fd) {
        try (Arena arena = Arena.ofConfined()) {
            long empty = arena.allocateFrom("").address();
            long answer = arena.allocate(STATX_SIZE, 8).address();
            int result =
                    Native.result(
                            (int)
                                    STATX.invokeExact(
                                            errno, fd, empty, AT_EMPTY_PATH, STATX_TYPE, answer),
                            errno);
            return result < 0
                    ? result
                    : Short.toUnsignedInt(Memory.getShort(answer + STATX_MODE)) & S_IFMT;
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
