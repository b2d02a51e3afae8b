package dev.volokno.backend;

import dev.volokno.linux.Errno;
import dev.volokno.linux.Poll;
import dev.volokno.linux.SysEpoll;
import dev.volokno.linux.SysEventfd;
import dev.volokno.linux.Time;
import dev.volokno.linux.Unistd;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Readiness by epoll. A descriptor is registered once, edge-triggered, when a call on it first has
 * to wait, and a second time when one first has to wait for room; from then on {@link Handle}
 * remembers what is ready, and waiting again costs no system call.
 */
public final class EpollBackend implements Backend {
    private static final int EVENTS_PER_TURN = 512;

    /**
     * Without room: a terminal tells of some whenever its other end reads, and would wake a loop
     * that waits for nothing but input twice for each request.
     */
    private static final int READING =
            SysEpoll.EPOLLIN | SysEpoll.EPOLLPRI | SysEpoll.EPOLLRDHUP | SysEpoll.EPOLLET;

    private static final int EVERYTHING = READING | SysEpoll.EPOLLOUT;
    private static final long WAKE_UP_TOKEN = -1;

    private final Arena arena = Arena.ofAuto();
    private final MemorySegment errno = Kernel.newErrno(arena);
    private final long events =
            arena.allocate((long) EVENTS_PER_TURN * SysEpoll.EVENT_SIZE, 8).address();
    private final long timespec = arena.allocate(Time.TIMESPEC_SIZE, 8).address();
    private final long oneEvent = arena.allocate(SysEpoll.EVENT_SIZE, 8).address();
    private final int epoll;
    private final WakeUp wakeUp;
    private final SlotTable<Handle> handles = new SlotTable<>();

    public EpollBackend() throws IOException {
        wakeUp = WakeUp.open(errno, SysEventfd.EFD_NONBLOCK);
        epoll = SysEpoll.create(errno, SysEpoll.EPOLL_CLOEXEC);
        if (epoll < 0) {
            wakeUp.close();
            throw Kernel.failure("epoll_create1", epoll, "a new epoll set");
        }
        // Edge-triggered: each write is an event, and nobody has to read the counter.
        SysEpoll.put(oneEvent, SysEpoll.EPOLLIN | SysEpoll.EPOLLET, WAKE_UP_TOKEN);
        int added = SysEpoll.ctl(errno, epoll, SysEpoll.EPOLL_CTL_ADD, wakeUp.number(), oneEvent);
        if (added < 0) {
            close();
            throw Kernel.failure("epoll_ctl", added, "the wake-up eventfd");
        }
    }

    @Override
    public String name() {
        return "epoll";
    }

    /** The epoll set itself: readable when {@link #turn} would deliver something. */
    public int number() {
        return epoll;
    }

    @Override
    public long submit(Operation operation) {
        Handle handle = operation.handle;
        if (handle == null || operation.readiness() == 0) {
            return operation.attemptWhole(errno);
        }
        if (handle.mayBeReady(operation) || operation.alwaysAsks()) {
            long result = operation.attemptWhole(errno);
            handle.attempted(operation, result);
            if (!Operation.wouldBlock(result)) {
                return result;
            }
        }
        boolean waitsForRoom = (operation.readiness() & Poll.POLLOUT) != 0;
        int events = waitsForRoom ? EVERYTHING : READING;
        if ((events & ~handle.registered) != 0 && !handle.unpollable) {
            int failure = register(handle, events);
            if (failure != 0) {
                return failure;
            }
        }
        if (handle.unpollable) {
            // poll(2) calls such a descriptor always ready; it said EAGAIN all the same, so it
            // cannot be waited for.
            return -Errno.EPERM.number();
        }
        handle.link(operation);
        return PENDING;
    }

    private int register(Handle handle, int events) {
        boolean known = handle.registered != 0;
        if (!known) {
            handle.slot = handles.add(handle);
        }
        SysEpoll.put(oneEvent, events, handles.token(handle.slot));
        int command = known ? SysEpoll.EPOLL_CTL_MOD : SysEpoll.EPOLL_CTL_ADD;
        int result = SysEpoll.ctl(errno, epoll, command, handle.number, oneEvent);
        if (result == 0) {
            handle.registered = events;
            return 0;
        }
        if (!known) {
            handles.remove(handle.slot);
            handle.slot = -1;
        }
        if (Errno.EPERM.is(result)) {
            handle.unpollable = true;
            return 0;
        }
        return result;
    }

    @Override
    public void cancel(Operation operation) {
        Handle handle = operation.handle;
        if (handle != null && operation.pending()) {
            handle.unlink(operation);
            operation.complete(-Errno.ECANCELED.number());
        }
    }

    @Override
    public void turn(long timeoutNanos) {
        long timeout = 0;
        if (timeoutNanos >= 0) {
            Time.putTimespec(timespec, timeoutNanos);
            timeout = timespec;
        }
        int count = SysEpoll.wait(errno, epoll, events, EVENTS_PER_TURN, timeout);
        if (count < 0 && !Errno.EINTR.is(count)) {
            throw new AssertionError("epoll_pwait2: " + Errno.nameOf(count));
        }
        for (int i = 0; i < count; i++) {
            long event = events + (long) i * SysEpoll.EVENT_SIZE;
            Handle handle = handles.find(SysEpoll.data(event));
            // Nothing is found for the wake-up, and for a descriptor that was closed in this very
            // batch.
            if (handle != null) {
                handle.happened(SysEpoll.events(event));
                retry(handle);
            }
        }
    }

    /** Attempts what waits on the descriptor, oldest first, as long as it may be ready. */
    private void retry(Handle handle) {
        Operation operation = handle.first();
        while (operation != null) {
            Operation next = operation.next;
            if (handle.mayBeReady(operation)) {
                long result = operation.attemptWhole(errno);
                handle.attempted(operation, result);
                if (!Operation.wouldBlock(result)) {
                    handle.unlink(operation);
                    operation.complete(result);
                }
            }
            operation = next;
        }
    }

    @Override
    public void wakeUp() {
        wakeUp.signal();
    }

    @Override
    public void forget(Handle handle) {
        if (handle.registered != 0) {
            // At once and not in a batch: a registration outlives the number if the description was
            // duplicated.
            SysEpoll.ctl(errno, epoll, SysEpoll.EPOLL_CTL_DEL, handle.number, oneEvent);
            handles.remove(handle.slot);
            handle.registered = 0;
            handle.slot = -1;
        }
    }

    @Override
    public void close() {
        wakeUp.close();
        Unistd.close(errno, epoll);
    }
}
