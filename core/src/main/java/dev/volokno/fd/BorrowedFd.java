package dev.volokno.fd;

import dev.volokno.DeadlineException;
import dev.volokno.backend.ForeignPoll;
import dev.volokno.backend.Kernel;
import dev.volokno.backend.Operation;
import dev.volokno.descriptor.Descriptor;
import dev.volokno.engine.Engine;
import dev.volokno.engine.Polled;
import dev.volokno.fiber.Deadline;
import dev.volokno.linux.Poll;
import dev.volokno.loop.Pollable;
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
public final class BorrowedFd implements Closeable, Pollable {
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
        refuseIfClosed();
        long result = engine.perform(new ForeignPoll(engine.foreignSet(), number, events));
        if (result >= 0) {
            return;
        }
        Descriptor.throwIfEnded(result, closed);
        throw Kernel.failure("poll", result, toString());
    }

    private void refuseIfClosed() throws ClosedChannelException {
        if (closed) {
            throw new ClosedChannelException();
        }
    }

    /**
     * Ends all watches, and all waits with {@link AsynchronousCloseException}; the descriptor
     * itself stays as it is.
     */
    @Override
    public void close() throws IOException {
        closed = true;
        engine.forgetForeign(number);
    }

    /**
     * What a watch asks.
     *
     * @hidden for {@link dev.volokno.loop.Loop#watch} alone
     */
    @Override
    @SuppressWarnings("exports") // nobody else can name the type
    public Polled polled() {
        return new Asked();
    }

    /** Nothing keeps its owner from closing it. */
    private final class Asked implements Polled {
        @Override
        public Engine engine() {
            return engine;
        }

        @Override
        public void enter() throws ClosedChannelException {
            refuseIfClosed();
        }

        @Override
        public void leave() {}

        @Override
        public boolean isOpen() {
            return !closed;
        }

        @Override
        public int buffered() {
            return 0;
        }

        @Override
        public Operation poll(int events) throws IOException {
            return new ForeignPoll(engine.foreignSet(), number, events);
        }

        @Override
        public void keep(int events) {}

        @Override
        public IOException failure(Operation poll, long result) {
            return Kernel.failure(poll.call(), result, BorrowedFd.this.toString());
        }

        @Override
        public String toString() {
            return BorrowedFd.this.toString();
        }
    }

    @Override
    public String toString() {
        return "borrowed fd " + number;
    }
}
