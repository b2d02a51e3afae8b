package dev.volokno.backend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.volokno.linux.Errno;
import dev.volokno.linux.Memory;
import dev.volokno.linux.Poll;
import dev.volokno.linux.SysEventfd;
import dev.volokno.linux.Unistd;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Descriptors that are ready just when they are waited for. */
class ForeignSetTest {
    @FunctionalInterface
    private interface Opening {
        Backend open() throws IOException;
    }

    @Test
    void whatComesWhileItIsArmedIsToldInALaterTurnOfEpoll() throws IOException {
        whatComesWhileItIsArmedIsToldInALaterTurn(EpollBackend::new);
    }

    @Test
    void whatComesWhileItIsArmedIsToldInALaterTurnOfARing() throws IOException {
        whatComesWhileItIsArmedIsToldInALaterTurn(UringBackend::new);
    }

    @Test
    void whatIsStillWaitedForHoldsUpNoEnd() throws IOException {
        for (Opening opening : List.<Opening>of(EpollBackend::new, UringBackend::new)) {
            Backend backend = opening.open();
            try (Arena arena = Arena.ofConfined()) {
                var wait = new Impatient(Kernel.newErrno(arena), arena.allocate(8, 8).address());
                var set = new ForeignSet(backend);
                set.keep(wait.foreignNumber());
                assertThat(set.submit(wait)).isEqualTo(Backend.PENDING);
                set.endWaits();
                set.close();
                assertThat(wait.found).isEqualTo(-Errno.ESHUTDOWN.number());
                wait.close();
            } finally {
                backend.close();
            }
        }
    }

    /** The kernel's memory for epoll sets, or a user's share of it, can be used up. */
    @Test
    void whatCannotBeListenedToIsRefused() throws IOException {
        var backend = new FailingBackend(new EpollBackend());
        try (Arena arena = Arena.ofConfined()) {
            var wait = new Impatient(Kernel.newErrno(arena), arena.allocate(8, 8).address());
            var set = new ForeignSet(backend);
            try {
                backend.refuse(-Errno.ENOSPC.number());
                assertThat(set.submit(wait)).isEqualTo(-Errno.ENOSPC.number());
                assertThat(wait.found).isZero();
            } finally {
                set.close();
                wait.close();
            }
        } finally {
            backend.close();
        }
    }

    private static void whatComesWhileItIsArmedIsToldInALaterTurn(Opening opening)
            throws IOException {
        Backend backend = opening.open();
        try (Arena arena = Arena.ofConfined()) {
            var wait = new Impatient(Kernel.newErrno(arena), arena.allocate(8, 8).address());
            var set = new ForeignSet(backend);
            try {
                assertThat(set.submit(wait)).isEqualTo(Backend.PENDING);
                assertThat(wait.found).isZero();
                while (wait.found == 0) {
                    backend.turn(-1);
                }
                assertThat(wait.found).isEqualTo(Poll.POLLIN);
            } finally {
                set.close();
                wait.close();
            }
        } finally {
            backend.close();
        }
    }

    /** Is signalled after poll(2) has looked at it and before epoll does. */
    private static final class Impatient implements ForeignWait {
        private final MemorySegment errno;
        private final long one;
        private final int eventfd;
        private int asked;
        private long found;

        Impatient(MemorySegment errno, long one) {
            this.errno = errno;
            this.one = one;
            eventfd = SysEventfd.eventfd(errno, 0, SysEventfd.EFD_NONBLOCK);
        }

        @Override
        public int foreignNumber() {
            return eventfd;
        }

        @Override
        public int readiness() {
            if (++asked == 2) {
                Memory.putLong(one, 1);
                assertThat(Unistd.write(errno, eventfd, one, Long.BYTES)).isEqualTo(Long.BYTES);
            }
            return Poll.POLLIN;
        }

        @Override
        public void found(long result) {
            found = result;
        }

        void close() {
            Unistd.close(errno, eventfd);
        }
    }
}
