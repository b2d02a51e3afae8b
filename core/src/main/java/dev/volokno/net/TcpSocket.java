package dev.volokno.net;

import dev.volokno.CancelledException;
import dev.volokno.DeadlineException;
import dev.volokno.SystemCallException;
import dev.volokno.backend.ConnectOperation;
import dev.volokno.backend.UrgentOperation;
import dev.volokno.descriptor.Descriptor;
import dev.volokno.descriptor.Kind;
import dev.volokno.fd.Fd;
import dev.volokno.fiber.Deadline;
import dev.volokno.linux.Memory;
import dev.volokno.linux.NetinetIn;
import dev.volokno.linux.SysIoctl;
import dev.volokno.linux.SysSocket;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.time.Duration;

/** A TCP connection (tcp(7)). */
public final class TcpSocket extends SocketStream {
    private static final SysSocket.SocketOption LINGER = NetOption.LINGER.place();

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
        return connect(remote, TcpOptions.defaults());
    }

    /**
     * Like {@link #connect(InetSocketAddress)}, with options and perhaps an address to connect
     * from.
     *
     * @throws java.net.BindException if that address is taken or not ours
     */
    public static TcpSocket connect(InetSocketAddress remote, TcpOptions options)
            throws IOException {
        int family = SocketAddresses.familyOf(remote);
        Fd fd = TcpSetup.open(family, options, Kind.SOCKET, "tcp " + remote);
        try {
            InetSocketAddress local = options.local();
            options.apply(fd);
            if (local != null) {
                Sockets.bind(fd, local, family);
            }
            fd.descriptor()
                    .performAlone(
                            new ConnectOperation(
                                    fd.descriptor().handle(),
                                    SocketAddresses.encode(remote, family)));
            return new TcpSocket(fd);
        } catch (SystemCallException e) {
            fd.close();
            throw e.call().equals("connect") ? javaException(e) : e;
        } catch (IOException | RuntimeException e) {
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

    /** What Java calls a failed connect(2). */
    static IOException javaException(SystemCallException failure) {
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
     * Takes over a connected TCP socket that somebody else opened, for the current loop. It is made
     * close-on-exec and non-blocking. What {@link #release} gave up can be taken over again.
     *
     * @throws IllegalArgumentException if it is something else; it stays the caller's then
     * @throws IllegalStateException if the library owns it already
     */
    public static TcpSocket adopt(int number) throws IOException {
        TcpSetup.check(number, false);
        TcpSocket socket = new TcpSocket(Fd.adopt(number, Kind.SOCKET, "tcp"));
        socket.fd().descriptor().handle().named(new PeerName("tcp", socket.remoteAddress()));
        return socket;
    }

    /**
     * Closes the connection and resets it: the peer's calls fail with {@code ECONNRESET}, and what
     * has not been sent is dropped.
     */
    public void reset() throws IOException {
        Descriptor descriptor = fd().descriptor();
        descriptor.beforeClose((errno, number) -> {
            try (Arena arena = Arena.ofConfined()) {
                var now = arena.allocateFrom(ValueLayout.JAVA_INT, 1, 0);
                return SysSocket.setsockopt(
                        errno, number, LINGER, now.address(), (int) now.byteSize());
            }
        });
        close();
    }

    /**
     * Sends one byte of urgent data; what was sent before may still be on its way. Waits while the
     * connection takes nothing. Parks.
     */
    public void sendUrgent(byte value) throws IOException {
        Descriptor descriptor = fd().descriptor();
        descriptor.performAlone(UrgentOperation.sending(descriptor.handle(), value));
    }

    /**
     * Waits for the byte of urgent data; it is not among what is read, unless {@link
     * NetOption#URGENT_INLINE} is set, which leaves nothing for this call. Parks.
     *
     * @return the byte, 0 to 255; -1 if the peer has ended its output
     */
    public int receiveUrgent() throws IOException {
        Descriptor descriptor = fd().descriptor();
        var operation = UrgentOperation.receiving(descriptor.handle());
        return descriptor.performAlone(operation) == 0 ? -1 : operation.value();
    }

    /**
     * Whether everything that was sent before the urgent byte has been read, and nothing after it
     * (sockatmark(3)). A read never goes past that mark.
     */
    public boolean isAtUrgentMark() throws IOException {
        if (fd().descriptor().buffered() > 0) {
            return false;
        }
        try (Arena arena = Arena.ofShared()) {
            long answer = arena.allocate(ValueLayout.JAVA_INT).address();
            fd().descriptor()
                    .call(
                            "ioctl",
                            (errno, number) ->
                                    SysIoctl.ioctl(errno, number, SysIoctl.SIOCATMARK, answer));
            return Memory.getInt(answer) != 0;
        }
    }

    /** Whether it is a connection of Multipath TCP. */
    public boolean isMultipath() throws IOException {
        return Sockets.getInt(fd(), TcpSetup.PROTOCOL) == NetinetIn.IPPROTO_MPTCP;
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
