package dev.volokno.backend;

import dev.volokno.linux.Memory;
import dev.volokno.linux.SysEpoll;
import dev.volokno.linux.SysEventfd;
import dev.volokno.linux.SysTimerfd;
import dev.volokno.linux.Time;
import dev.volokno.linux.Unistd;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * One descriptor that tells another event loop when ours has something to do: an epoll set over
 * what the backend waits for, its wake-up, and a timer.
 *
 * <p>A ring is not in the set itself: with deferred task work it wakes nobody who polls it. The
 * kernel writes to an eventfd instead, as soon as there is task work to be done. The eventfds and
 * the timer are registered edge-triggered and never read: {@link #clear} takes their edges out of
 * the set in one call. Whoever clears looks afterwards whether there is anything to do, for what
 * came before has no other sign left; what comes later makes a new edge.
 */
public final class Outlet {
    private static final int CAPACITY = 4;
    private static final String SET = "a new epoll set";

    private final Arena arena = Arena.ofAuto();
    private final MemorySegment errno = Kernel.newErrno(arena);
    private final long events = arena.allocate((long) CAPACITY * SysEpoll.EVENT_SIZE, 8).address();
    private final long alarm = arena.allocate(SysTimerfd.ITIMERSPEC_SIZE, 8).address();
    private final Backend backend;
    private int epoll = -1;
    private int timer = -1;
    private int announcements = -1;

    private boolean armed;
    private long armedFor;

    public Outlet(Backend backend) throws IOException {
        this.backend = backend;
        try {
            open();
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    private void open() throws IOException {
        epoll = Kernel.check("epoll_create1", SysEpoll.create(errno, SysEpoll.EPOLL_CLOEXEC), SET);
        int timerFlags = SysTimerfd.TFD_NONBLOCK | SysTimerfd.TFD_CLOEXEC;
        timer =
                Kernel.check(
                        "timerfd_create",
                        SysTimerfd.create(errno, Time.CLOCK_MONOTONIC, timerFlags),
                        "a new timer");
        add(timer, SysEpoll.EPOLLIN | SysEpoll.EPOLLET);
        watch(backend);
    }

    private void watch(Backend part) throws IOException {
        switch (part) {
            case DelayingBackend delaying -> watch(delaying.inner());
            case EpollBackend set -> add(set.number(), SysEpoll.EPOLLIN);
            case UringBackend ring -> {
                announcements =
                        Kernel.check(
                                "eventfd",
                                SysEventfd.eventfd(errno, 0, SysEventfd.EFD_CLOEXEC),
                                "a ring's eventfd");
                ring.announceTo(announcements);
                add(announcements, SysEpoll.EPOLLIN | SysEpoll.EPOLLET);
                add(ring.wakeUpNumber(), SysEpoll.EPOLLIN | SysEpoll.EPOLLET);
            }
            default -> throw new IllegalArgumentException("no outlet for " + part.name());
        }
    }

    private void add(int number, int interest) throws IOException {
        SysEpoll.put(events, interest, 0);
        int result = SysEpoll.ctl(errno, epoll, SysEpoll.EPOLL_CTL_ADD, number, events);
        Kernel.check("epoll_ctl", result, "fd " + number);
    }

    /** The descriptor: readable when there is something to do. */
    public int number() {
        return epoll;
    }

    /** Takes back what it tells, but for what the backend has not taken. */
    public void clear() {
        SysEpoll.now(errno, epoll, events, CAPACITY);
    }

    /** Whether a turn of the backend would do something of which there is no sign any more. */
    public boolean hasMore() {
        return hasMore(backend);
    }

    private static boolean hasMore(Backend part) {
        return switch (part) {
            case DelayingBackend delaying -> delaying.isHolding() || hasMore(delaying.inner());
            case UringBackend ring -> ring.hasMore();
            default -> false;
        };
    }

    /** Has it tell at {@code deadline}, which is {@code nanos}, more than 0, from now. */
    public void tellAt(long deadline, long nanos) {
        if (!armed || deadline != armedFor) {
            armed = true;
            armedFor = deadline;
            set(nanos);
        }
    }

    /** Time alone is no reason to tell. */
    public void tellNoTime() {
        if (armed) {
            armed = false;
            set(0);
        }
    }

    private void set(long nanos) {
        Memory.clear(alarm, SysTimerfd.ITIMERSPEC_SIZE);
        Time.putTimespec(alarm + SysTimerfd.IT_VALUE, nanos);
        int result = SysTimerfd.settime(errno, timer, 0, alarm);
        assert result == 0 : result;
    }

    /** The backend has been closed, and the ring with it. */
    public void close() {
        for (int number : new int[] {epoll, timer, announcements}) {
            if (number >= 0) {
                Unistd.close(errno, number);
            }
        }
    }
}
