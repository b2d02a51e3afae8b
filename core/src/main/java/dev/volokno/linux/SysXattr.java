package dev.volokno.linux;

import static dev.volokno.linux.Native.INT;
import static dev.volokno.linux.Native.LONG;
import static dev.volokno.linux.Native.POINTER;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** {@code <sys/xattr.h>}: extended attributes. */
public final class SysXattr {
    public static final int XATTR_CREATE = 1;
    public static final int XATTR_REPLACE = 2;

    private static final MethodHandle GETXATTR =
            Native.capturing("getxattr", LONG, POINTER, POINTER, POINTER, LONG);
    private static final MethodHandle SETXATTR =
            Native.capturing("setxattr", INT, POINTER, POINTER, POINTER, LONG, INT);
    private static final MethodHandle LISTXATTR =
            Native.capturing("listxattr", LONG, POINTER, POINTER, LONG);
    private static final MethodHandle REMOVEXATTR =
            Native.capturing("removexattr", INT, POINTER, POINTER);
    private static final MethodHandle LGETXATTR =
            Native.capturing("lgetxattr", LONG, POINTER, POINTER, POINTER, LONG);
    private static final MethodHandle LSETXATTR =
            Native.capturing("lsetxattr", INT, POINTER, POINTER, POINTER, LONG, INT);
    private static final MethodHandle LLISTXATTR =
            Native.capturing("llistxattr", LONG, POINTER, POINTER, LONG);
    private static final MethodHandle LREMOVEXATTR =
            Native.capturing("lremovexattr", INT, POINTER, POINTER);

    private SysXattr() {}

    public static long getxattr(MemorySegment errno, long path, long name, long value, long size) {
        try {
            return Native.result(
                    (long) GETXATTR.invokeExact(errno, path, name, value, size), errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    public static int setxattr(
            MemorySegment errno, long path, long name, long value, long size, int flags) {
        try {
            return Native.result(
                    (int) SETXATTR.invokeExact(errno, path, name, value, size, flags), errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    public static long listxattr(MemorySegment errno, long path, long names, long size) {
        try {
            return Native.result((long) LISTXATTR.invokeExact(errno, path, names, size), errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    public static int removexattr(MemorySegment errno, long path, long name) {
        try {
            return Native.result((int) REMOVEXATTR.invokeExact(errno, path, name), errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    public static long lgetxattr(MemorySegment errno, long path, long name, long value, long size) {
        try {
            return Native.result(
                    (long) LGETXATTR.invokeExact(errno, path, name, value, size), errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    public static int lsetxattr(
            MemorySegment errno, long path, long name, long value, long size, int flags) {
        try {
            return Native.result(
                    (int) LSETXATTR.invokeExact(errno, path, name, value, size, flags), errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    public static long llistxattr(MemorySegment errno, long path, long names, long size) {
        try {
            return Native.result((long) LLISTXATTR.invokeExact(errno, path, names, size), errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    public static int lremovexattr(MemorySegment errno, long path, long name) {
        try {
            return Native.result((int) LREMOVEXATTR.invokeExact(errno, path, name), errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }
}
