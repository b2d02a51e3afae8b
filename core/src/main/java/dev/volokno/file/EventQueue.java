package dev.volokno.file;

import dev.volokno.DeadlineException;
import dev.volokno.fiber.Channel;
import dev.volokno.fiber.ChannelClosedException;
import dev.volokno.fiber.Deadline;
import dev.volokno.fiber.Event;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a watcher has found out and nobody has taken. It ends in one of three ways: closed by its
 * user, after which nothing more is delivered; ended by its source, after its last event; failed,
 * which every further take says.
 */
final class EventQueue<T> {
    /** So far a watcher goes ahead of its user; further, events stay in the kernel. */
    private static final int CAPACITY = 1024;

    private final Channel<T> channel = Channel.bounded(CAPACITY);
    private volatile boolean closed;
    private volatile @Nullable Throwable failure;

    // ---- the source

    /** Adds an event; waits while there are too many. False if nobody will take it. */
    boolean put(T event) {
        try {
            channel.send(event);
            return true;
        } catch (ChannelClosedException nobodyListens) {
            return false;
        }
    }

    /** Adds an event without a wait; false if there are too many, or nobody will take it. */
    boolean offer(T event) {
        try {
            return channel.trySend(event);
        } catch (ChannelClosedException nobodyListens) {
            return false;
        }
    }

    /** No event follows. */
    void end() {
        channel.close();
    }

    /** No event follows, for this reason. */
    void fail(Throwable reason) {
        failure = reason;
        channel.close();
    }

    boolean isClosed() {
        return closed;
    }

    // ---- the user

    T take() throws IOException {
        if (closed) {
            throw new ClosedChannelException();
        }
        try {
            return channel.receive();
        } catch (ChannelClosedException e) {
            throw end(e);
        }
    }

    T take(Duration timeout) throws IOException {
        return Deadline.within(timeout, () -> take());
    }

    Optional<T> tryTake() throws IOException {
        if (closed) {
            throw new ClosedChannelException();
        }
        Optional<T> event = channel.tryReceive();
        if (event.isEmpty() && channel.isClosed() && channel.size() == 0) {
            throw end(new ChannelClosedException("the watch has ended"));
        }
        return event;
    }

    /** Waits for an event, and then until none comes for {@code quiet}: all of them. */
    List<T> takeSettled(Duration quiet) throws IOException {
        var events = new ArrayList<T>();
        events.add(take());
        try {
            while (true) {
                events.add(take(quiet));
            }
        } catch (DeadlineException settled) {
            return events;
        } catch (ClosedChannelException ended) {
            if (closed) {
                throw ended;
            }
            return events;
        }
    }

    Event<T> taking() {
        return channel.receiving();
    }

    Iterator<T> iterator() {
        return new Events();
    }

    /** What was not taken is dropped. */
    void close() {
        closed = true;
        channel.close();
    }

    /** What nobody has taken, one by one, once closed. */
    Optional<T> leftOver() {
        return channel.tryReceive();
    }

    private IOException end(ChannelClosedException told) throws IOException {
        Throwable reason = failure;
        if (closed) {
            return new AsynchronousCloseException();
        }
        if (reason == null) {
            return new ClosedChannelException();
        }
        told.addSuppressed(reason);
        switch (reason) {
            case IOException io -> throw io;
            case RuntimeException unchecked -> throw unchecked;
            case Error error -> throw error;
            default -> throw new IOException(reason);
        }
    }

    /** The events as they come; ends when the watch does. */
    private final class Events implements Iterator<T> {
        private @Nullable T next;
        private boolean ended;

        @Override
        public boolean hasNext() {
            if (next == null && !ended) {
                try {
                    next = take();
                } catch (ClosedChannelException e) {
                    ended = true;
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
            return next != null;
        }

        @Override
        public T next() {
            T event = hasNext() ? next : null;
            if (event == null) {
                throw new NoSuchElementException("the watch has ended");
            }
            next = null;
            return event;
        }
    }
}
