package dev.volokno.net;

import dev.volokno.DeadlineException;
import dev.volokno.SystemCallException;
import dev.volokno.backend.AcceptOperation;
import dev.volokno.descriptor.Descriptor;
import dev.volokno.descriptor.Turns.Direction;
import dev.volokno.fd.Fd;
import dev.volokno.fiber.Deadline;
import dev.volokno.fiber.Fiber;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A listening socket.
 *
 * @param <C> what it accepts
 */
public abstract sealed class SocketListener<C extends Closeable> implements Closeable
        permits TcpListener, UnixListener, UnixPacketListener, VsockListener {
    /**
     * The connection was there and went, or its network did: the next one may be well (accept(2),
     * "Error handling").
     */
    private static final Set<String> GONE =
            Set.of(
                    "ECONNABORTED",
                    "EINTR",
                    "EPROTO",
                    "ENETDOWN",
                    "ENOPROTOOPT",
                    "EHOSTDOWN",
                    "ENONET",
                    "EHOSTUNREACH",
                    "EOPNOTSUPP",
                    "ENETUNREACH");

    /** No room for another descriptor now; the connection waits in the backlog. */
    private static final Set<String> EXHAUSTED = Set.of("EMFILE", "ENFILE", "ENOBUFS", "ENOMEM");

    private static final Duration EXHAUSTION_PAUSE = Duration.ofMillis(10);

    private final Fd fd;
    private final Descriptor descriptor;
    private @Nullable AcceptOperation operation;

    SocketListener(Fd fd) {
        this.fd = fd;
        descriptor = fd.descriptor();
    }

    /** Makes a connection of an accepted number. */
    abstract C accepted(int number, AcceptOperation operation);

    /**
     * Waits for the next connection. One that has gone before it could be taken is passed over;
     * when the process has no descriptor left the connection waits, and so does this call, until
     * there is one. Parks; several accepters take turns.
     */
    public final C accept() throws IOException {
        while (true) {
            try {
                return acceptOnce();
            } catch (SystemCallException e) {
                if (EXHAUSTED.contains(e.errno())) {
                    Fiber.sleep(EXHAUSTION_PAUSE);
                } else if (!GONE.contains(e.errno())) {
                    throw e;
                }
            }
        }
    }

    /**
     * Like {@link #accept()}, for a limited time.
     *
     * @throws DeadlineException if it is over
     */
    public final C accept(Duration timeout) throws IOException {
        return Deadline.within(timeout, () -> accept());
    }

    private C acceptOnce() throws IOException {
        descriptor.enter(Direction.READ);
        try {
            AcceptOperation accept = operation();
            return accepted((int) descriptor.perform(accept), accept);
        } finally {
            descriptor.leave(Direction.READ);
        }
    }

    private AcceptOperation operation() {
        AcceptOperation known = operation;
        // One that is still pending was left behind by a fiber that ran out of stack.
        if (known == null || known.pending()) {
            known = new AcceptOperation(descriptor.handle());
            operation = known;
        }
        return known;
    }

    /**
     * Serves every connection, each in a fiber of its own, with at most 10,000 at a time; failures
     * go to the log. See {@link #serve(ServeOptions, Service)}.
     */
    public final void serve(Service<? super C> service) throws IOException {
        serve(ServeOptions.defaults(), service);
    }

    /**
     * Serves every connection, each in a fiber of its own, until this fiber is cancelled or this
     * listener closed. A connection is closed when its service ends, however it ends. A failure of
     * one ends no other: it goes to the options' handler. While as many as the limit allows are
     * being served no other is accepted: they wait in the kernel's queue.
     *
     * <p>Cancelled, it cancels the services and waits for their ends. When the listener is closed
     * it waits until the services have come to an end by themselves, and returns.
     *
     * @throws IOException if accepting fails for a reason that another try would not mend
     */
    public final void serve(ServeOptions options, Service<? super C> service) throws IOException {
        new Server<C>(this, options, service).run();
    }

    /** The descriptor. */
    public final Fd fd() {
        return fd;
    }

    /** Sets an option of {@link NetOption}, {@link IpOption} or {@link TcpOption}. */
    public final <T> void set(NetOption<T> option, T value) throws IOException {
        Sockets.set(fd, option, value);
    }

    /** The value of an option, as the kernel has it. */
    public final <T> T get(NetOption<T> option) throws IOException {
        return Sockets.get(fd, option);
    }

    @Override
    public void close() throws IOException {
        fd.close();
    }

    @Override
    public final String toString() {
        return fd.toString();
    }
}
