package dev.volokno.linux;

import static dev.volokno.linux.Native.ADDRESS_OF_HEAP;
import static dev.volokno.linux.Native.INT;
import static dev.volokno.linux.Native.LONG;
import static dev.volokno.linux.Native.POINTER;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** {@code <unistd.h>} and {@code <sys/uio.h>}: bytes in and out of a descriptor. */
public final class Unistd {
    private static final MethodHandle READ = Native.capturing("read", LONG, INT, POINTER, LONG);
    private static final MethodHandle READ_HEAP =
            Native.onHeap("read", LONG, INT, ADDRESS_OF_HEAP, LONG);
    private static final MethodHandle WRITE = Native.capturing("write", LONG, INT, POINTER, LONG);
    private static final MethodHandle WRITE_HEAP =
            Native.onHeap("write", LONG, INT, ADDRESS_OF_HEAP, LONG);
    private static final MethodHandle CLOSE = Native.capturing("close", INT, INT);
    private static final MethodHandle PIPE2 = Native.capturing("pipe2", INT, POINTER, INT);
    private static final MethodHandle GETEUID = Native.capturing("geteuid", INT);

    private Unistd() {}

    public static long read(MemorySegment errno, int fd, long address, long length) {
        try {
            return Native.result((long) READ.invokeExact(errno, fd, address, length), errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    /** {@code heap} is (a part of) a Java array; the descriptor must be non-blocking. */
    public static long read(MemorySegment errno, int fd, MemorySegment heap) {
        try {
            return Native.result(
                    (long) READ_HEAP.invokeExact(errno, fd, heap, heap.byteSize()), errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    public static long write(MemorySegment errno, int fd, long address, long length) {
        try {
            return Native.result((long) WRITE.invokeExact(errno, fd, address, length), errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    /** {@code heap} is (a part of) a Java array; the descriptor must be non-blocking. */
    public static long write(MemorySegment errno, int fd, MemorySegment heap) {
        try {
            return Native.result(
                    (long) WRITE_HEAP.invokeExact(errno, fd, heap, heap.byteSize()), errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    /** Never to be repeated, whatever it returns: Linux has freed the number (close(2)). */
    public static int close(MemorySegment errno, int fd) {
        try {
            return Native.result((int) CLOSE.invokeExact(errno, fd), errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    /** {@code numbers} receives two {@code int}s: the reading end, then the writing end. */
    public static int pipe2(MemorySegment errno, long numbers, int flags) {
        try {
            return Native.result((int) PIPE2.invokeExact(errno, numbers, flags), errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    public static int geteuid(MemorySegment errno) {
        try {
            return (int) GETEUID.invokeExact(errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }
}
