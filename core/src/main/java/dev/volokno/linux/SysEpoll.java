package dev.volokno.linux;

import static dev.volokno.linux.Native.INT;
import static dev.volokno.linux.Native.LONG;
import static dev.volokno.linux.Native.POINTER;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** {@code <sys/epoll.h>}. {@code struct epoll_event} is packed on x86-64 and only there. */
public final class SysEpoll {
    public static final int EPOLLIN = Poll.POLLIN;
    public static final int EPOLLPRI = Poll.POLLPRI;
    public static final int EPOLLOUT = Poll.POLLOUT;
    public static final int EPOLLERR = Poll.POLLERR;
    public static final int EPOLLHUP = Poll.POLLHUP;
    public static final int EPOLLRDHUP = Poll.POLLRDHUP;
    public static final int EPOLLONESHOT = 1 << 30;
    public static final int EPOLLET = 1 << 31;

    public static final int EPOLL_CLOEXEC = Fcntl.O_CLOEXEC;
    public static final int EPOLL_CTL_ADD = 1;
    public static final int EPOLL_CTL_DEL = 2;
    public static final int EPOLL_CTL_MOD = 3;

    /** Size of {@code struct epoll_event}. */
    public static final int EVENT_SIZE = Arch.CURRENT.epollEventSize();

    private static final int DATA = EVENT_SIZE - Long.BYTES;

    private static final MethodHandle EPOLL_CREATE1 = Native.capturing("epoll_create1", INT, INT);
    private static final MethodHandle EPOLL_CTL =
            Native.capturing("epoll_ctl", INT, INT, INT, INT, POINTER);
    private static final MethodHandle EPOLL_WAIT =
            Native.capturing("epoll_wait", INT, INT, POINTER, INT, INT);
    // By number: glibc has a wrapper only since 2.35.
    private static final MethodHandle PWAIT2 =
            Native.variadic("syscall", 1, LONG, LONG, INT, POINTER, INT, POINTER, POINTER, LONG);

    private SysEpoll() {}

    public static int create(MemorySegment errno, int flags) {
        try {
            return Native.result((int) EPOLL_CREATE1.invokeExact(errno, flags), errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    public static int ctl(MemorySegment errno, int epoll, int command, int fd, long event) {
        try {
            return Native.result(
                    (int) EPOLL_CTL.invokeExact(errno, epoll, command, fd, event), errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    /** Takes the events that are there, without waiting. */
    public static int now(MemorySegment errno, int epoll, long events, int capacity) {
        try {
            return Native.result(
                    (int) EPOLL_WAIT.invokeExact(errno, epoll, events, capacity, 0), errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    /**
     * Waits up to the {@code struct timespec} at {@code timeout}; 0 instead of an address waits for
     * ever.
     */
    public static int wait(
            MemorySegment errno, int epoll, long events, int capacity, long timeout) {
        try {
            long count =
                    (long)
                            PWAIT2.invokeExact(
                                    errno,
                                    (long) Arch.SYS_EPOLL_PWAIT2,
                                    epoll,
                                    events,
                                    capacity,
                                    timeout,
                                    0L,
                                    0L);
            return (int) Native.result(count, errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    public static int events(long event) {
        return Memory.getInt(event);
    }

    public static long data(long event) {
        return Memory.getLong(event + DATA);
    }

    public static void put(long event, int events, long data) {
        Memory.putInt(event, events);
        Memory.putLong(event + DATA, data);
    }
}
