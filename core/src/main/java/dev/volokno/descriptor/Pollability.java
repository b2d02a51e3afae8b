package dev.volokno.descriptor;

import dev.volokno.linux.Errno;
import dev.volokno.linux.SysEpoll;
import dev.volokno.linux.Unistd;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Asks the kernel whether a descriptor has a poll method: epoll refuses those without one by {@code
 * EPERM}.
 */
final class Pollability {
    private Pollability() {}

    static boolean ask(MemorySegment errno, int number) {
        int epoll = SysEpoll.create(errno, SysEpoll.EPOLL_CLOEXEC);
        try (Arena arena = Arena.ofConfined()) {
            long event = arena.allocate(SysEpoll.EVENT_SIZE, 8).address();
            SysEpoll.put(event, 0, 0);
            return !Errno.EPERM.is(
                    SysEpoll.ctl(errno, epoll, SysEpoll.EPOLL_CTL_ADD, number, event));
        } finally {
            Unistd.close(errno, epoll);
        }
    }
}
