package dev.volokno.net;

import dev.volokno.CancelledException;
import dev.volokno.DeadlineException;
import dev.volokno.SystemCallException;
import dev.volokno.backend.ConnectOperation;
import dev.volokno.descriptor.Kind;
import dev.volokno.fd.ByteStream;
import dev.volokno.fd.Fd;
import dev.volokno.fiber.Deadline;
import dev.volokno.linux.SysSocket;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.time.Duration;

/** A TCP connection (tcp(7)). */
public final class TcpSocket extends ByteStream {
    TcpSocket(Fd fd) {
        super(fd);
    }

    /**
     * Connects to {@code remote}, which must be resolved. Parks; on failure nothing stays open.
     *
     * @throws ConnectException if it was refused, or another {@link java.net.SocketException} that
     *     says what happened
     */
    public static TcpSocket connect(InetSocketAddress remote) throws IOException {
        int family = SocketAddresses.familyOf(remote);
        Fd fd = Sockets.open(SocketType.stream(family), Kind.SOCKET, "tcp " + remote);
        try {
            fd.descriptor()
                    .performAlone(
                            new ConnectOperation(
                                    fd.descriptor().handle(),
                                    SocketAddresses.encode(remote, family)));
            Sockets.set(fd, TcpOption.NO_DELAY, true);
            return new TcpSocket(fd);
        } catch (SystemCallException e) {
            fd.close();
            throw javaException(e);
        } catch (IOException | CancelledException e) {
            fd.close();
            throw e;
        }
    }

    /**
     * Connects to a name, found by the {@linkplain Resolver#system system's resolver}, or to an
     * address in numbers: to whichever of its addresses answers first. They are tried one after the
     * other, IPv6 and IPv4 in turns; the next one when one has failed or none has succeeded within
     * 250 ms (RFC 8305). Parks; a {@link Deadline} around it limits the whole; on failure,
     * cancellation too, nothing stays open.
     *
     * @throws java.net.UnknownHostException if the name has no address
     * @throws ConnectException if none can be reached, with what each of several failed of
     *     suppressed in it
     */
    public static TcpSocket connect(String host, int port) throws IOException {
        return connect(host, port, Resolver.system());
    }

    /**
     * Like {@link #connect(String, int)}, for a limited time.
     *
     * @throws DeadlineException if it is over; what failed until then is suppressed in its {@link
     *     CancelledException}
     */
    public static TcpSocket connect(String host, int port, Duration timeout) throws IOException {
        return Deadline.within(timeout, () -> connect(host, port));
    }

    /** Like {@link #connect(String, int)}, with a resolver of the caller's. */
    public static TcpSocket connect(String host, int port, Resolver resolver) throws IOException {
        return new NamedConnect(host, port, resolver).connect();
    }

    private static IOException javaException(SystemCallException failure) {
        IOException known =
                switch (failure.errno()) {
                    case "ECONNREFUSED", "ECONNRESET" -> new ConnectException(failure.getMessage());
                    case "ETIMEDOUT" -> new SocketTimeoutException(failure.getMessage());
                    case "EHOSTUNREACH", "ENETUNREACH" ->
                            new NoRouteToHostException(failure.getMessage());
                    default -> failure;
                };
        if (known != failure) {
            known.initCause(failure);
        }
        return known;
    }

    /**
     * Ends the output: the peer reads the end of the stream, and may go on writing (shutdown(2)).
     */
    public void shutdownOutput() throws IOException {
        Sockets.shutdown(fd(), SysSocket.SHUT_WR);
    }

    /** Ends the input: reading finds the end of the stream. */
    public void shutdownInput() throws IOException {
        Sockets.shutdown(fd(), SysSocket.SHUT_RD);
    }

    /**
     * Sets an option of {@link NetOption}, {@link IpOption} or {@link TcpOption}.
     *
     * @throws SystemCallException if the kernel does not have it or refuses the value
     */
    public <T> TcpSocket set(NetOption<T> option, T value) throws IOException {
        Sockets.set(fd(), option, value);
        return this;
    }

    /** The value of an option, as the kernel has it. */
    public <T> T get(NetOption<T> option) throws IOException {
        return Sockets.get(fd(), option);
    }

    /** This end's address. */
    public InetSocketAddress localAddress() throws IOException {
        return Sockets.localAddress(fd());
    }

    /** The peer's address. */
    public InetSocketAddress remoteAddress() throws IOException {
        return Sockets.remoteAddress(fd());
    }
}
