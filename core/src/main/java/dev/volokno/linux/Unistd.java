package dev.volokno.linux;

import static dev.volokno.linux.Native.ADDRESS_OF_HEAP;
import static dev.volokno.linux.Native.INT;
import static dev.volokno.linux.Native.LONG;
import static dev.volokno.linux.Native.POINTER;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** {@code <unistd.h>}: bytes in and out of a descriptor, and names in the file system. */
public final class Unistd {
    public static final int SEEK_SET = 0;
    public static final int SEEK_DATA = 3;
    public static final int SEEK_HOLE = 4;

    /** No call takes more buffers. */
    public static final int IOV_MAX = 1024;

    private static final MethodHandle READ = Native.capturing("read", LONG, INT, POINTER, LONG);
    private static final MethodHandle READ_HEAP =
            Native.onHeap("read", LONG, INT, ADDRESS_OF_HEAP, LONG);
    private static final MethodHandle WRITE = Native.capturing("write", LONG, INT, POINTER, LONG);
    private static final MethodHandle WRITE_HEAP =
            Native.onHeap("write", LONG, INT, ADDRESS_OF_HEAP, LONG);
    private static final MethodHandle READV = Native.capturing("readv", LONG, INT, POINTER, INT);
    private static final MethodHandle WRITEV = Native.capturing("writev", LONG, INT, POINTER, INT);
    private static final MethodHandle CLOSE = Native.capturing("close", INT, INT);
    private static final MethodHandle PIPE2 = Native.capturing("pipe2", INT, POINTER, INT);
    private static final MethodHandle DUP3 = Native.capturing("dup3", INT, INT, INT, INT);
    private static final MethodHandle GETPGRP = Native.plain("getpgrp", INT);
    private static final MethodHandle GETEUID = Native.capturing("geteuid", INT);
    private static final MethodHandle FSYNC = Native.capturing("fsync", INT, INT);
    private static final MethodHandle FDATASYNC = Native.capturing("fdatasync", INT, INT);
    private static final MethodHandle FTRUNCATE = Native.capturing("ftruncate", INT, INT, LONG);
    private static final MethodHandle LSEEK = Native.capturing("lseek", LONG, INT, LONG, INT);
    private static final MethodHandle COPYFILERANGE =
            Native.capturing("copy_file_range", LONG, INT, POINTER, INT, POINTER, LONG, INT);
    private static final MethodHandle UNLINKAT =
            Native.capturing("unlinkat", INT, INT, POINTER, INT);
    private static final MethodHandle LINKAT =
            Native.capturing("linkat", INT, INT, POINTER, INT, POINTER, INT);
    private static final MethodHandle SYMLINKAT =
            Native.capturing("symlinkat", INT, POINTER, INT, POINTER);
    private static final MethodHandle READLINKAT =
            Native.capturing("readlinkat", LONG, INT, POINTER, POINTER, LONG);
    private static final MethodHandle FCHOWNAT =
            Native.capturing("fchownat", INT, INT, POINTER, INT, INT, INT);

    private static final MethodHandle FCHOWN = Native.capturing("fchown", INT, INT, INT, INT);
    private static final long ENVIRON = Native.address("environ");

    private Unistd() {}

    /** The address of the environment now: pointers to C strings, and 0 after the last. */
    public static long environ() {
        return Memory.getLong(ENVIRON);
    }

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

    /** {@code vector} is the address of {@code count} {@code struct iovec}s. */
    public static long readv(MemorySegment errno, int fd, long vector, int count) {
        try {
            return Native.result((long) READV.invokeExact(errno, fd, vector, count), errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    /** {@code vector} is the address of {@code count} {@code struct iovec}s. */
    public static long writev(MemorySegment errno, int fd, long vector, int count) {
        try {
            return Native.result((long) WRITEV.invokeExact(errno, fd, vector, count), errno);
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

    /** Makes {@code to} what {@code from} is, in one step. */
    public static int dup3(MemorySegment errno, int from, int to, int flags) {
        try {
            return Native.result((int) DUP3.invokeExact(errno, from, to, flags), errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    /** This process's group. */
    public static int getpgrp() {
        try {
            return (int) GETPGRP.invokeExact();
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

    public static int fsync(MemorySegment errno, int fd) {
        try {
            return Native.result((int) FSYNC.invokeExact(errno, fd), errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    public static int fdatasync(MemorySegment errno, int fd) {
        try {
            return Native.result((int) FDATASYNC.invokeExact(errno, fd), errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    public static int ftruncate(MemorySegment errno, int fd, long length) {
        try {
            return Native.result((int) FTRUNCATE.invokeExact(errno, fd, length), errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    /** The new offset. */
    public static long lseek(MemorySegment errno, int fd, long offset, int whence) {
        try {
            return Native.result((long) LSEEK.invokeExact(errno, fd, offset, whence), errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    /** {@code fromOffset} and {@code toOffset} are addresses of offsets, which move. */
    public static long copyFileRange(
            MemorySegment errno, int from, long fromOffset, int to, long toOffset, long length) {
        try {
            return Native.result(
                    (long)
                            COPYFILERANGE.invokeExact(
                                    errno, from, fromOffset, to, toOffset, length, 0),
                    errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    public static int unlinkat(MemorySegment errno, int directory, long path, int flags) {
        try {
            return Native.result((int) UNLINKAT.invokeExact(errno, directory, path, flags), errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    public static int linkat(
            MemorySegment errno,
            int fromDirectory,
            long from,
            int toDirectory,
            long to,
            int flags) {
        try {
            return Native.result(
                    (int) LINKAT.invokeExact(errno, fromDirectory, from, toDirectory, to, flags),
                    errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    public static int symlinkat(MemorySegment errno, long target, int directory, long path) {
        try {
            return Native.result(
                    (int) SYMLINKAT.invokeExact(errno, target, directory, path), errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    /** How many bytes the target has, no more than {@code size}. */
    public static long readlinkat(
            MemorySegment errno, int directory, long path, long buffer, long size) {
        try {
            return Native.result(
                    (long) READLINKAT.invokeExact(errno, directory, path, buffer, size), errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    public static int fchown(MemorySegment errno, int fd, int owner, int group) {
        try {
            return Native.result((int) FCHOWN.invokeExact(errno, fd, owner, group), errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    public static int fchownat(
            MemorySegment errno, int directory, long path, int owner, int group, int flags) {
        try {
            return Native.result(
                    (int) FCHOWNAT.invokeExact(errno, directory, path, owner, group, flags), errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }
}
