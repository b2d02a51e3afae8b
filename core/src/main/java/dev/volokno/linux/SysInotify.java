package dev.volokno.linux;

import static dev.volokno.linux.Native.INT;
import static dev.volokno.linux.Native.POINTER;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** {@code <sys/inotify.h>}. */
public final class SysInotify {
    public static final int IN_NONBLOCK = Fcntl.O_NONBLOCK;
    public static final int IN_CLOEXEC = Fcntl.O_CLOEXEC;

    public static final int IN_ACCESS = 0x1;
    public static final int IN_MODIFY = 0x2;
    public static final int IN_ATTRIB = 0x4;
    public static final int IN_CLOSE_WRITE = 0x8;
    public static final int IN_OPEN = 0x20;
    public static final int IN_MOVED_FROM = 0x40;
    public static final int IN_MOVED_TO = 0x80;
    public static final int IN_CREATE = 0x100;
    public static final int IN_DELETE = 0x200;
    public static final int IN_DELETE_SELF = 0x400;
    public static final int IN_MOVE_SELF = 0x800;
    public static final int IN_UNMOUNT = 0x2000;
    public static final int IN_Q_OVERFLOW = 0x4000;
    public static final int IN_IGNORED = 0x8000;
    public static final int IN_ONLYDIR = 0x1000000;
    public static final int IN_EXCL_UNLINK = 0x4000000;
    public static final int IN_ISDIR = 0x40000000;

    /** Size of {@code struct inotify_event} without the name that follows. */
    public static final int EVENT_SIZE = 16;

    // Where the fields are; the watch's number is the first.
    public static final int EVENT_MASK = 4;
    public static final int EVENT_COOKIE = 8;
    public static final int EVENT_LEN = 12;

    private static final MethodHandle INIT = Native.capturing("inotify_init1", INT, INT);
    private static final MethodHandle ADD =
            Native.capturing("inotify_add_watch", INT, INT, POINTER, INT);
    private static final MethodHandle REMOVE = Native.capturing("inotify_rm_watch", INT, INT, INT);

    private SysInotify() {}

    public static int init(MemorySegment errno, int flags) {
        try {
            return Native.result((int) INIT.invokeExact(errno, flags), errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    /** {@code path} is the address of a C string. */
    public static int addWatch(MemorySegment errno, int fd, long path, int mask) {
        try {
            return Native.result((int) ADD.invokeExact(errno, fd, path, mask), errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    public static int removeWatch(MemorySegment errno, int fd, int watch) {
        try {
            return Native.result((int) REMOVE.invokeExact(errno, fd, watch), errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }
}
