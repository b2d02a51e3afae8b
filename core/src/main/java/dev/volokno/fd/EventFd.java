package dev.volokno.fd;

import dev.volokno.backend.EventOperation;
import dev.volokno.descriptor.Descriptor;
import dev.volokno.descriptor.Kind;
import dev.volokno.descriptor.Turns.Direction;
import dev.volokno.linux.SysEventfd;
import java.io.Closeable;
import java.io.IOException;

/**
 * A counter in the kernel (eventfd(2)) that processes and C libraries can share. Every wait parks
 * and is cancellable.
 */
public final class EventFd implements Closeable {
    private static final int FLAGS = SysEventfd.EFD_NONBLOCK | SysEventfd.EFD_CLOEXEC;

    private final Fd fd;
    private final Descriptor descriptor;

    private EventFd(Fd fd) {
        this.fd = fd;
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

    private static EventFd open(int mode) throws IOException {
        return new EventFd(
                Opening.one(
                        "eventfd",
                        Kind.ANY,
                        (errno, none) -> SysEventfd.eventfd(errno, 0, FLAGS | mode)));
    }

    /** Waits until the counter is not 0 and takes it: all of it, or one if this is a semaphore. */
    public long take() throws IOException {
        descriptor.enter(Direction.READ);
        try {
            var operation = EventOperation.taking(descriptor.handle());
            descriptor.perform(operation);
            return operation.value();
        } finally {
            descriptor.leave(Direction.READ);
        }
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
