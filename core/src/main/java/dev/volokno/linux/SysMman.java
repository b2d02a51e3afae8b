package dev.volokno.linux;

import static dev.volokno.linux.Native.INT;
import static dev.volokno.linux.Native.LONG;
import static dev.volokno.linux.Native.POINTER;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** {@code <sys/mman.h>}. */
public final class SysMman {
    public static final int PROT_READ = 1;
    public static final int PROT_WRITE = 2;
    public static final int PROT_EXEC = 4;
    public static final int MAP_SHARED = 1;
    public static final int MAP_PRIVATE = 2;
    public static final int MAP_ANONYMOUS = 0x20;
    public static final int MAP_POPULATE = 0x8000;
    public static final int MFD_CLOEXEC = 1;
    public static final int MFD_ALLOW_SEALING = 2;

    private static final MethodHandle MMAP =
            Native.capturing("mmap", LONG, POINTER, LONG, INT, INT, INT, LONG);
    private static final MethodHandle MUNMAP = Native.capturing("munmap", INT, POINTER, LONG);
    private static final MethodHandle MEMFDCREATE =
            Native.capturing("memfd_create", INT, POINTER, INT);
    private static final MethodHandle MPROTECT =
            Native.capturing("mprotect", INT, POINTER, LONG, INT);

    private SysMman() {}

    /** Maps {@code fd} at {@code offset}, shared, for reading and writing; the address. */
    public static long mapShared(MemorySegment errno, long length, int fd, long offset) {
        try {
            return Native.result(
                    (long)
                            MMAP.invokeExact(
                                    errno,
                                    0L,
                                    length,
                                    PROT_READ | PROT_WRITE,
                                    MAP_SHARED | MAP_POPULATE,
                                    fd,
                                    offset),
                    errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    /** Maps memory that belongs to no file, for reading and writing; the address. */
    public static long mapAnonymous(MemorySegment errno, long length) {
        try {
            return Native.result(
                    (long)
                            MMAP.invokeExact(
                                    errno,
                                    0L,
                                    length,
                                    PROT_READ | PROT_WRITE,
                                    MAP_PRIVATE | MAP_ANONYMOUS,
                                    -1,
                                    0L),
                    errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    /** {@code protection} is made of the {@code PROT_} bits. */
    public static int protect(MemorySegment errno, long address, long length, int protection) {
        try {
            return Native.result(
                    (int) MPROTECT.invokeExact(errno, address, length, protection), errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    public static int unmap(MemorySegment errno, long address, long length) {
        try {
            return Native.result((int) MUNMAP.invokeExact(errno, address, length), errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    public static int memfdCreate(MemorySegment errno, long name, int flags) {
        try {
            return Native.result((int) MEMFDCREATE.invokeExact(errno, name, flags), errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }
}
