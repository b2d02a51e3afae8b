package dev.volokno.net;

import dev.volokno.DeadlineException;
import dev.volokno.backend.PollOperation;
import dev.volokno.descriptor.Descriptor;
import dev.volokno.descriptor.Turns.Direction;
import dev.volokno.engine.Place;
import dev.volokno.engine.PlaceWait;
import dev.volokno.fd.Fd;
import dev.volokno.fiber.Deadline;
import dev.volokno.fiber.Event;
import dev.volokno.linux.Poll;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * What the kernel tells over a {@link NetlinkSocket}, as objects. What other processes send to the
 * socket is passed over. Every wait parks and is cancellable; a cancelled one has taken nothing.
 *
 * @param <T> what is told
 */
public final class NetlinkEvents<T> implements Iterable<T>, Closeable {
    /** Bursts come at start and when a hub of many devices is plugged in. */
    private static final int KERNEL_BUFFER = 1 << 20;

    /** The kernel makes no longer ones (netlink_recvmsg). */
    private static final int LONGEST = 32 * 1024;

    private final NetlinkSocket socket;
    private final Descriptor descriptor;
    private final Parser<T> parser;
    private final ByteBuffer buffer =
            ByteBuffer.allocateDirect(LONGEST).order(ByteOrder.nativeOrder());

    /** Understood and not taken; for whoever has the reader's turn. */
    private final ArrayDeque<T> told = new ArrayDeque<>();

    /** Understands a datagram. */
    @FunctionalInterface
    interface Parser<T> {
        /** Adds what it tells, in order; nothing if it is about something else. */
        void parse(ByteBuffer datagram, Queue<T> told);
    }

    private NetlinkEvents(NetlinkSocket socket, Parser<T> parser) {
        this.socket = socket;
        this.parser = parser;
        descriptor = socket.fd().descriptor();
    }

    static <T> NetlinkEvents<T> open(int family, int groups, Parser<T> parser) throws IOException {
        NetlinkSocket socket = NetlinkSocket.open(family, groups);
        try {
            socket.receiveBuffer(KERNEL_BUFFER);
            return new NetlinkEvents<>(socket, parser);
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    /**
     * Waits for the next one. Parks.
     *
     * @throws OverrunException if the kernel had more to tell than its buffer holds; what comes
     *     later can be taken, and the present state has to be looked up
     */
    public T take() throws IOException {
        descriptor.enter(Direction.READ);
        try {
            T next = told.poll();
            while (next == null) {
                understand(socket.receiveInTurn(buffer.clear()));
                next = told.poll();
            }
            return next;
        } finally {
            descriptor.leave(Direction.READ);
        }
    }

    /**
     * Like {@link #take()}, for a limited time.
     *
     * @throws DeadlineException if it is over
     */
    public T take(Duration timeout) throws IOException {
        return Deadline.within(timeout, () -> take());
    }

    /**
     * Takes one that is there; empty if none is, or another fiber is taking.
     *
     * @throws OverrunException like {@link #take()}
     */
    public Optional<T> tryTake() throws IOException {
        if (!descriptor.tryEnter(Direction.READ)) {
            return Optional.empty();
        }
        try {
            T next = told.poll();
            while (next == null) {
                Optional<NetlinkSocket.Datagram> datagram = socket.tryReceiveInTurn(buffer.clear());
                if (datagram.isEmpty()) {
                    return Optional.empty();
                }
                understand(datagram.get());
                next = told.poll();
            }
            return Optional.of(next);
        } finally {
            descriptor.leave(Direction.READ);
        }
    }

    private void understand(NetlinkSocket.Datagram datagram) {
        if (datagram.fromKernel()) {
            parser.parse(buffer.flip(), told);
        }
    }

    /** The event that there is a next one, which is taken, for {@link dev.volokno.fiber.Select}. */
    public Event<T> taking() {
        return new Taking();
    }

    private final class Taking extends Event<T> {
        private @Nullable T taken;
        private @Nullable PlaceWait wait;

        @Override
        protected boolean tryTake() throws IOException {
            taken = NetlinkEvents.this.tryTake().orElse(null);
            return taken != null;
        }

        @Override
        protected void begin(Place place) throws IOException {
            descriptor.enter();
            var poll = new PollOperation(descriptor.handle(), Poll.POLLIN);
            wait = new PlaceWait(descriptor.engine(), poll, place, descriptor::leave);
            wait.begin();
        }

        @Override
        protected void end() {
            if (wait != null) {
                wait.end();
            }
        }

        @Override
        protected boolean isTaken() throws IOException {
            return tryTake();
        }

        @Override
        protected T value() {
            return Objects.requireNonNull(taken);
        }
    }

    /**
     * What is told, as it comes, each taken; ends when this is closed. Going on to the next one
     * parks. An {@link IOException} comes as {@link UncheckedIOException}.
     */
    @Override
    public Iterator<T> iterator() {
        return new Iterator<>() {
            private @Nullable T next;
            private boolean ended;

            @Override
            public boolean hasNext() {
                if (next == null && !ended) {
                    next = takeUnlessClosed();
                    ended = next == null;
                }
                return next != null;
            }

            @Override
            public T next() {
                if (!hasNext()) {
                    throw new NoSuchElementException(NetlinkEvents.this + " is closed");
                }
                T told = Objects.requireNonNull(next);
                next = null;
                return told;
            }
        };
    }

    private @Nullable T takeUnlessClosed() {
        try {
            return take();
        } catch (ClosedChannelException e) {
            return null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    NetlinkSocket socket() {
        return socket;
    }

    /** The descriptor. */
    public Fd fd() {
        return socket.fd();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    @Override
    public String toString() {
        return socket.toString();
    }
}
