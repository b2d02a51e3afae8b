package dev.volokno.linux;

import static dev.volokno.linux.Native.INT;
import static dev.volokno.linux.Native.LONG;
import static dev.volokno.linux.Native.POINTER;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * The part of {@code <fcntl.h>} that names files by handles (open_by_handle_at(2)), and the link in
 * /proc that tells where such a file is.
 */
public final class FileHandles {
    /** Size of {@code struct file_handle} without the handle: how long that is, and its type. */
    public static final int HANDLE_SIZE = 8;

    public static final int MAX_HANDLE_SZ = 128;

    private static final MethodHandle NAME_TO_HANDLE =
            Native.capturing("name_to_handle_at", INT, INT, POINTER, POINTER, POINTER, INT);
    private static final MethodHandle OPEN_BY_HANDLE =
            Native.capturing("open_by_handle_at", INT, INT, POINTER, INT);
    private static final MethodHandle READLINK =
            Native.capturing("readlink", LONG, POINTER, POINTER, LONG);

    private FileHandles() {}

    /** {@code handle} says how much room it has, and receives the handle; {@code mount} an int. */
    public static int nameToHandle(MemorySegment errno, long path, long handle, long mount) {
        try {
            return Native.result(
                    (int) NAME_TO_HANDLE.invokeExact(errno, Fcntl.AT_FDCWD, path, handle, mount, 0),
                    errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    /** {@code mount} is any open file of the same file system. */
    public static int openByHandle(MemorySegment errno, int mount, long handle, int flags) {
        try {
            return Native.result(
                    (int) OPEN_BY_HANDLE.invokeExact(errno, mount, handle, flags), errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    /** How many bytes of the link's content are at {@code target} now. */
    public static long readlink(MemorySegment errno, long path, long target, long length) {
        try {
            return Native.result((long) READLINK.invokeExact(errno, path, target, length), errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }
}
