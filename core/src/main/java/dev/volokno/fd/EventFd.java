package dev.volokno.fd;

import dev.volokno.DeadlineException;
import dev.volokno.backend.EventOperation;
import dev.volokno.descriptor.Descriptor;
import dev.volokno.descriptor.Kind;
import dev.volokno.descriptor.Turns.Direction;
import dev.volokno.fiber.Deadline;
import dev.volokno.fiber.Event;
import dev.volokno.linux.SysEventfd;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A counter in the kernel (eventfd(2)) that processes and C libraries can share: {@link #take}
 * waits until it is not 0, {@link #add} while it is full. Every wait parks and is cancellable.
 */
public final class EventFd implements Closeable {
    private static final int FLAGS = SysEventfd.EFD_NONBLOCK | SysEventfd.EFD_CLOEXEC;

    private final Fd fd;
    private final Descriptor descriptor;
    private final Counter counter;

    private EventFd(Fd fd) {
        this.fd = fd;
        counter = new Counter(fd, () -> false);
        descriptor = fd.descriptor();
    }

    /** A counter that starts at 0; {@link #take} empties it. */
    public static EventFd open() throws IOException {
        return open(0);
    }

    /** A counter of which {@link #take} takes one at a time. */
    public static EventFd openSemaphore() throws IOException {
        return open(SysEventfd.EFD_SEMAPHORE);
    }

    /**
     * Takes over an eventfd that somebody else made, for the current loop; see {@link Fd#adopt}. It
     * becomes non-blocking for all who share it.
     *
     * @throws IllegalArgumentException if the number is no eventfd; it stays with the caller
     */
    public static EventFd adopt(int number) throws IOException {
        String what = Files.readSymbolicLink(Path.of("/proc/self/fd/" + number)).toString();
        if (!what.equals("anon_inode:[eventfd]")) {
            throw new IllegalArgumentException("fd " + number + " is no eventfd, but " + what);
        }
        return new EventFd(Fd.adopt(number));
    }

    private static EventFd open(int mode) throws IOException {
        return new EventFd(
                Opening.one(
                        "eventfd",
                        Kind.ANY,
                        (errno, none) -> SysEventfd.eventfd(errno, 0, FLAGS | mode)));
    }

    /** Waits until the counter is not 0 and takes it: all of it, or one if this is a semaphore. */
    public long take() throws IOException {
        return counter.take();
    }

    /**
     * Like {@link #take()}, for a limited time.
     *
     * @throws DeadlineException if it is over; nothing was taken then
     */
    public long take(Duration timeout) throws IOException {
        return Deadline.within(timeout, () -> take());
    }

    /**
     * The event that the counter is not 0, for {@link dev.volokno.fiber.Select}: what {@link #take}
     * would return is taken by whoever selects it.
     */
    public Event<Long> taking() {
        return counter.taking();
    }

    /**
     * Adds to the counter; waits while it would overflow.
     *
     * @param count 0 to 2<sup>64</sup>-2, unsigned
     */
    public void add(long count) throws IOException {
        if (count == -1) {
            throw new IllegalArgumentException(
                    "an eventfd holds at most 2^64-2, so 2^64-1 cannot be added");
        }
        descriptor.enter(Direction.WRITE);
        try {
            descriptor.perform(EventOperation.adding(descriptor.handle(), count));
        } finally {
            descriptor.leave(Direction.WRITE);
        }
    }

    /** The descriptor. */
    public Fd fd() {
        return fd;
    }

    @Override
    public void close() throws IOException {
        fd.close();
    }

    @Override
    public String toString() {
        return fd.toString();
    }
}
