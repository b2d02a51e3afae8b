package dev.volokno.backend;

import dev.volokno.linux.Errno;
import dev.volokno.linux.SysEpoll;
import dev.volokno.linux.Unistd;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Stands guard over an epoll set for somebody who must not sleep in the kernel: a platform thread
 * waits here until the set has an event, once for each time it was armed.
 */
public final class Sentry {
    private static final long GUARDED = 1;
    private static final long DISMISSED = 2;

    private final Arena arena = Arena.ofAuto();
    private final MemorySegment armErrno = Kernel.newErrno(arena);
    private final long armEvent = arena.allocate(SysEpoll.EVENT_SIZE, 8).address();
    private final MemorySegment waitErrno = Kernel.newErrno(arena);
    private final long waitEvent = arena.allocate(SysEpoll.EVENT_SIZE, 8).address();
    private final int guarded;
    private final int epoll;
    private final WakeUp dismissal;

    public Sentry(EpollBackend backend) throws IOException {
        guarded = backend.number();
        dismissal = WakeUp.open(waitErrno, 0);
        epoll = SysEpoll.create(waitErrno, SysEpoll.EPOLL_CLOEXEC);
        if (epoll < 0) {
            dismissal.close();
            throw Kernel.failure("epoll_create1", epoll, "a new epoll set");
        }
        control(SysEpoll.EPOLL_CTL_ADD, dismissal.number(), SysEpoll.EPOLLIN, DISMISSED);
        control(SysEpoll.EPOLL_CTL_ADD, guarded, 0, GUARDED);
    }

    /** The next event of the set ends one {@link #watch}; at once if it has one already. */
    public void arm() {
        control(SysEpoll.EPOLL_CTL_MOD, guarded, SysEpoll.EPOLLIN | SysEpoll.EPOLLONESHOT, GUARDED);
    }

    /** Waits on a platform thread; false once dismissed. */
    public boolean watch() {
        int count = SysEpoll.wait(waitErrno, epoll, waitEvent, 1, 0);
        if (count < 0 && !Errno.EINTR.is(count)) {
            throw new AssertionError("epoll_pwait2: " + Errno.nameOf(count));
        }
        return count <= 0 || SysEpoll.data(waitEvent) != DISMISSED;
    }

    /** Ends {@link #watch} for good. */
    public void dismiss() {
        dismissal.signal();
    }

    /** After {@link #watch} has ended. */
    public void close() {
        dismissal.close();
        Unistd.close(waitErrno, epoll);
    }

    private void control(int command, int fd, int events, long data) {
        SysEpoll.put(armEvent, events, data);
        int result = SysEpoll.ctl(armErrno, epoll, command, fd, armEvent);
        assert result == 0 : Errno.nameOf(result);
    }
}
