package dev.volokno.fd;

import dev.volokno.DeadlineException;
import dev.volokno.backend.ForeignPoll;
import dev.volokno.backend.Kernel;
import dev.volokno.descriptor.Descriptor;
import dev.volokno.engine.Engine;
import dev.volokno.fiber.Deadline;
import dev.volokno.linux.Poll;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;

/**
 * A descriptor that somebody else owns, a C library as a rule, and that a fiber waits for. The
 * owner may close it at any time: a wait that then fails says {@code EBADF}, and none ever holds
 * the file open. It is never closed and never made non-blocking from here.
 */
public final class BorrowedFd implements Closeable {
    private final Engine engine;
    private final int number;
    private volatile boolean closed;

    BorrowedFd(Engine engine, int number) {
        this.engine = engine;
        this.number = number;
    }

    /** Waits until a read would not block, as poll(2) means it. Parks. */
    public void awaitReadable() throws IOException {
        await(Poll.POLLIN);
    }

    /**
     * Like {@link #awaitReadable()}, for a limited time.
     *
     * @throws DeadlineException if it is over
     */
    public void awaitReadable(Duration timeout) throws IOException {
        Deadline.within(timeout, () -> await(Poll.POLLIN));
    }

    /** Waits until a write would not block, as poll(2) means it. Parks. */
    public void awaitWritable() throws IOException {
        await(Poll.POLLOUT);
    }

    /**
     * Like {@link #awaitWritable()}, for a limited time.
     *
     * @throws DeadlineException if it is over
     */
    public void awaitWritable(Duration timeout) throws IOException {
        Deadline.within(timeout, () -> await(Poll.POLLOUT));
    }

    /** Waits for an exceptional condition ({@code POLLPRI}). Parks. */
    public void awaitPriority() throws IOException {
        await(Poll.POLLPRI);
    }

    private void await(int events) throws IOException {
        if (closed) {
            throw new ClosedChannelException();
        }
        long result = engine.perform(new ForeignPoll(engine.foreignSet(), number, events));
        if (result >= 0) {
            return;
        }
        Descriptor.throwIfEnded(result, closed);
        throw Kernel.failure("poll", result, toString());
    }

    /**
     * Ends all waits with {@link AsynchronousCloseException}; the descriptor itself stays as it is.
     */
    @Override
    public void close() throws IOException {
        closed = true;
        engine.forgetForeign(number);
    }

    @Override
    public String toString() {
        return "borrowed fd " + number;
    }
}
