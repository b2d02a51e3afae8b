package dev.volokno.linux;

import static dev.volokno.linux.Native.INT;
import static dev.volokno.linux.Native.POINTER;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** {@code <sys/timerfd.h>}. */
public final class SysTimerfd {
    public static final int TFD_NONBLOCK = Fcntl.O_NONBLOCK;
    public static final int TFD_CLOEXEC = Fcntl.O_CLOEXEC;
    public static final int TFD_TIMER_ABSTIME = 1;
    public static final int TFD_TIMER_CANCEL_ON_SET = 2;

    /** Size of {@code struct itimerspec}: the period, and then the first expiry. */
    public static final int ITIMERSPEC_SIZE = 32;

    public static final int IT_INTERVAL = 0;
    public static final int IT_VALUE = 16;

    private static final MethodHandle CREATE = Native.capturing("timerfd_create", INT, INT, INT);
    private static final MethodHandle SETTIME =
            Native.capturing("timerfd_settime", INT, INT, INT, POINTER, POINTER);
    private static final MethodHandle GETTIME =
            Native.capturing("timerfd_gettime", INT, INT, POINTER);

    private SysTimerfd() {}

    public static int create(MemorySegment errno, int clock, int flags) {
        try {
            return Native.result((int) CREATE.invokeExact(errno, clock, flags), errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    public static int settime(MemorySegment errno, int fd, int flags, long itimerspec) {
        try {
            return Native.result(
                    (int) SETTIME.invokeExact(errno, fd, flags, itimerspec, 0L), errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    /** Stores the time that is left, and the period. */
    public static int gettime(MemorySegment errno, int fd, long itimerspec) {
        try {
            return Native.result((int) GETTIME.invokeExact(errno, fd, itimerspec), errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }
}
