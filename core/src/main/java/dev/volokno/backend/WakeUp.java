package dev.volokno.backend;

import dev.volokno.linux.Errno;
import dev.volokno.linux.SysEventfd;
import dev.volokno.linux.Unistd;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.atomic.AtomicInteger;

/** An eventfd that other threads write to when the loop's thread sleeps in the kernel. */
final class WakeUp {
    private static final int CLOSED = 1 << 30;

    private final Arena arena = Arena.ofAuto();
    private final MemorySegment one = arena.allocateFrom(ValueLayout.JAVA_LONG, 1L);
    private final int number;

    /**
     * How many threads are writing now, and whether it is closed: the last to leave closes the
     * number.
     */
    private final AtomicInteger users = new AtomicInteger();

    WakeUp(int number) {
        this.number = number;
    }

    /** Opens one; {@code flags} are added to those of eventfd(2) that are always right. */
    static WakeUp open(MemorySegment errno, int flags) throws IOException {
        int number = SysEventfd.eventfd(errno, 0, SysEventfd.EFD_CLOEXEC | flags);
        return new WakeUp(Kernel.check("eventfd", number, "a wake-up eventfd"));
    }

    int number() {
        return number;
    }

    /** Any thread; nothing happens after {@link #close}. */
    void signal() {
        if (users.incrementAndGet() < CLOSED) {
            try (Arena call = Arena.ofConfined()) {
                long result =
                        Unistd.write(Kernel.newErrno(call), number, one.address(), Long.BYTES);
                // EAGAIN: the counter is at its maximum, so the loop has been told.
                assert result == Long.BYTES || Errno.EAGAIN.is(result) : Errno.nameOf(result);
            }
        }
        leave();
    }

    void close() {
        users.addAndGet(CLOSED + 1);
        leave();
    }

    private void leave() {
        // The swap lets exactly one of those who leave last close the number; later callers stay
        // above CLOSED.
        if (users.decrementAndGet() == CLOSED && users.compareAndSet(CLOSED, CLOSED + CLOSED / 2)) {
            try (Arena call = Arena.ofConfined()) {
                Unistd.close(Kernel.newErrno(call), number);
            }
        }
    }
}
