package dev.volokno.linux;

import static dev.volokno.linux.Native.INT;
import static dev.volokno.linux.Native.LONG;
import static dev.volokno.linux.Native.POINTER;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** {@code <poll.h>}. The bits are also those of epoll and of io_uring's poll. */
public final class Poll {
    public static final int POLLIN = 0x001;
    public static final int POLLPRI = 0x002;
    public static final int POLLOUT = 0x004;
    public static final int POLLERR = 0x008;
    public static final int POLLHUP = 0x010;
    public static final int POLLNVAL = 0x020;
    public static final int POLLRDBAND = 0x080;
    public static final int POLLRDHUP = 0x2000;

    /** Size of {@code struct pollfd}: {@code int fd; short events; short revents}. */
    public static final int POLLFD_SIZE = 8;

    private static final int EVENTS = 4;
    private static final int REVENTS = 6;
    private static final MethodHandle POLL = Native.capturing("poll", INT, POINTER, LONG, INT);

    private Poll() {}

    /**
     * Asks about one descriptor without waiting: its {@code revents}, 0 if none of {@code events}
     * holds.
     */
    public static int now(MemorySegment errno, long pollfd, int fd, int events) {
        Memory.putInt(pollfd, fd);
        Memory.putShort(pollfd + EVENTS, (short) events);
        Memory.putShort(pollfd + REVENTS, (short) 0);
        int count;
        try {
            count = Native.result((int) POLL.invokeExact(errno, pollfd, 1L, 0), errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
        return count > 0 ? Short.toUnsignedInt(Memory.getShort(pollfd + REVENTS)) : count;
    }
}
