package dev.volokno.net;

import dev.volokno.DeadlineException;
import dev.volokno.SystemCallException;
import dev.volokno.backend.AcceptOperation;
import dev.volokno.descriptor.Descriptor;
import dev.volokno.descriptor.Kind;
import dev.volokno.descriptor.Turns.Direction;
import dev.volokno.fd.Fd;
import dev.volokno.fiber.Deadline;
import dev.volokno.fiber.Fiber;
import dev.volokno.linux.SysSocket;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Set;

/** A listening TCP socket. */
public final class TcpListener implements Closeable {
    private static final int BACKLOG = 4096;

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
    private final AcceptOperation operation;

    private TcpListener(Fd fd) {
        this.fd = fd;
        descriptor = fd.descriptor();
        operation = new AcceptOperation(descriptor.handle());
    }

    /**
     * Listens on {@code local}; port 0 lets the kernel choose one. The address can be bound again
     * at once after a restart ({@code SO_REUSEADDR}); an IPv6 wildcard serves IPv4 too.
     *
     * @throws java.net.BindException if the address is taken or not ours
     */
    public static TcpListener bind(InetSocketAddress local) throws IOException {
        return bind(local, false);
    }

    /**
     * Like {@link #bind}, but several listeners, each on a loop of its own, may have the same
     * address: the kernel spreads the connections over them ({@code SO_REUSEPORT}).
     */
    public static TcpListener bindShared(InetSocketAddress local) throws IOException {
        return bind(local, true);
    }

    private static TcpListener bind(InetSocketAddress local, boolean shared) throws IOException {
        int family = SocketAddresses.familyOf(local);
        Fd fd = Sockets.open(SocketType.stream(family), Kind.OTHER_SOCKET, "tcp listener " + local);
        try {
            Sockets.set(fd, shared ? NetOption.REUSE_PORT : NetOption.REUSE_ADDRESS, true);
            // Accepted sockets inherit it.
            Sockets.set(fd, TcpOption.NO_DELAY, true);
            if (family == SysSocket.AF_INET6) {
                Sockets.set(fd, IpOption.V6_ONLY, false);
            }
            Sockets.bind(fd, local, family);
            Sockets.listen(fd, BACKLOG);
            return new TcpListener(fd);
        } catch (IOException | RuntimeException e) {
            fd.close();
            throw e;
        }
    }

    /**
     * Waits for the next connection. One that has gone before it could be taken is passed over;
     * when the process has no descriptor left the connection waits, and so does this call, until
     * there is one. Parks; several accepters take turns.
     */
    public TcpSocket accept() throws IOException {
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
    public TcpSocket accept(Duration timeout) throws IOException {
        return Deadline.within(timeout, () -> accept());
    }

    private TcpSocket acceptOnce() throws IOException {
        descriptor.enter(Direction.READ);
        try {
            int number = (int) descriptor.perform(operation);
            return new TcpSocket(
                    new Fd(Descriptor.opened(descriptor.engine(), number, Kind.SOCKET, "tcp")));
        } finally {
            descriptor.leave(Direction.READ);
        }
    }

    /** The address it listens on, with the port that was chosen. */
    public InetSocketAddress localAddress() throws IOException {
        return Sockets.localAddress(fd);
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
