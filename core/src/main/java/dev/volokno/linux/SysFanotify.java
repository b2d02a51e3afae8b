package dev.volokno.linux;

import static dev.volokno.linux.Native.INT;
import static dev.volokno.linux.Native.LONG;
import static dev.volokno.linux.Native.POINTER;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** {@code <sys/fanotify.h>}. */
public final class SysFanotify {
    public static final int FAN_CLOEXEC = 0x1;
    public static final int FAN_NONBLOCK = 0x2;
    public static final int FAN_CLASS_NOTIF = 0;
    public static final int FAN_CLASS_CONTENT = 0x4;
    public static final int FAN_REPORT_PIDFD = 0x80;
    public static final int FAN_REPORT_DFID_NAME = 0xc00;

    public static final int FAN_MARK_ADD = 0x1;
    public static final int FAN_MARK_REMOVE = 0x2;
    public static final int FAN_MARK_ONLYDIR = 0x8;
    public static final int FAN_MARK_MOUNT = 0x10;
    public static final int FAN_MARK_FILESYSTEM = 0x100;

    public static final long FAN_ACCESS = 0x1;
    public static final long FAN_MODIFY = 0x2;
    public static final long FAN_ATTRIB = 0x4;
    public static final long FAN_CLOSE_WRITE = 0x8;
    public static final long FAN_OPEN = 0x20;
    public static final long FAN_MOVED_FROM = 0x40;
    public static final long FAN_MOVED_TO = 0x80;
    public static final long FAN_CREATE = 0x100;
    public static final long FAN_DELETE = 0x200;
    public static final long FAN_Q_OVERFLOW = 0x4000;
    public static final long FAN_OPEN_PERM = 0x10000;
    public static final long FAN_ACCESS_PERM = 0x20000;
    public static final long FAN_OPEN_EXEC_PERM = 0x40000;
    public static final long FAN_EVENT_ON_CHILD = 0x8000000;
    public static final long FAN_RENAME = 0x10000000;
    public static final long FAN_ONDIR = 0x40000000;

    public static final int FAN_EVENT_INFO_TYPE_DFID_NAME = 2;
    public static final int FAN_EVENT_INFO_TYPE_PIDFD = 4;
    public static final int FAN_EVENT_INFO_TYPE_OLD_DFID_NAME = 10;
    public static final int FAN_EVENT_INFO_TYPE_NEW_DFID_NAME = 12;

    public static final int FAN_ALLOW = 1;
    public static final int FAN_DENY = 2;

    // struct fanotify_event_metadata; its length is the first field.
    public static final int METADATA_LEN = 6;
    public static final int METADATA_MASK = 8;
    public static final int METADATA_FD = 16;
    public static final int METADATA_PID = 20;
    public static final int METADATA_SIZE = 24;

    // What follows it; the type is the first field.
    public static final int INFO_LEN = 2;
    public static final int INFO_PIDFD = 4;
    public static final int INFO_HANDLE = 12;

    /** {@code struct fanotify_response}: the descriptor, then the answer. */
    public static final int RESPONSE_SIZE = 8;

    private static final MethodHandle INIT = Native.capturing("fanotify_init", INT, INT, INT);
    private static final MethodHandle MARK =
            Native.capturing("fanotify_mark", INT, INT, INT, LONG, INT, POINTER);

    private SysFanotify() {}

    /** {@code openFlags} are those of the descriptors that come with events. */
    public static int init(MemorySegment errno, int flags, int openFlags) {
        try {
            return Native.result((int) INIT.invokeExact(errno, flags, openFlags), errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    /** {@code path} is the address of a C string, absolute or relative to where the process is. */
    public static int mark(MemorySegment errno, int fd, int flags, long mask, long path) {
        try {
            return Native.result(
                    (int) MARK.invokeExact(errno, fd, flags, mask, Fcntl.AT_FDCWD, path), errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }
}
