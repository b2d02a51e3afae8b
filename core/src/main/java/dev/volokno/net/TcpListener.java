package dev.volokno.net;

import dev.volokno.backend.AcceptOperation;
import dev.volokno.descriptor.Descriptor;
import dev.volokno.descriptor.Kind;
import dev.volokno.fd.Fd;
import dev.volokno.linux.SysSocket;
import java.io.IOException;
import java.net.InetSocketAddress;

/** A listening TCP socket. */
public final class TcpListener extends SocketListener<TcpSocket> {
    private TcpListener(Fd fd) {
        super(fd);
    }

    /**
     * Listens on {@code local}; port 0 lets the kernel choose one. The address can be bound again
     * at once after a restart ({@code SO_REUSEADDR}); an IPv6 wildcard serves IPv4 too.
     *
     * @throws java.net.BindException if the address is taken or not ours
     */
    public static TcpListener bind(InetSocketAddress local) throws IOException {
        return bind(local, TcpOptions.defaults());
    }

    /**
     * Like {@link #bind(InetSocketAddress)}, but several listeners, each on a loop of its own, may
     * have the same address: the kernel spreads the connections over them ({@code SO_REUSEPORT}).
     */
    public static TcpListener bindShared(InetSocketAddress local) throws IOException {
        return bind(
                local,
                TcpOptions.defaults()
                        .with(NetOption.REUSE_ADDRESS, false)
                        .with(NetOption.REUSE_PORT, true));
    }

    /** Like {@link #bind(InetSocketAddress)}, with options, which accepted connections inherit. */
    public static TcpListener bind(InetSocketAddress local, TcpOptions options) throws IOException {
        int family = SocketAddresses.familyOf(local);
        Fd fd = TcpSetup.open(family, options, Kind.OTHER_SOCKET, "tcp listener " + local);
        try {
            Sockets.set(fd, NetOption.REUSE_ADDRESS, true);
            if (family == SysSocket.AF_INET6) {
                Sockets.set(fd, IpOption.V6_ONLY, false);
            }
            options.apply(fd);
            Sockets.bind(fd, local, family);
            Sockets.listen(fd, options.backlog());
            return new TcpListener(fd);
        } catch (IOException | RuntimeException e) {
            fd.close();
            throw e;
        }
    }

    /**
     * Takes over a listening TCP socket that somebody else opened, such as a service manager, for
     * the current loop. It is made close-on-exec and non-blocking.
     *
     * @throws IllegalArgumentException if it is something else; it stays the caller's then
     * @throws IllegalStateException if the library owns it already
     */
    public static TcpListener adopt(int number) throws IOException {
        TcpSetup.check(number, true);
        var listener = new TcpListener(Fd.adopt(number, Kind.OTHER_SOCKET, "tcp listener"));
        var name = new PeerName("tcp listener", listener.localAddress());
        listener.fd().descriptor().handle().named(name);
        return listener;
    }

    @Override
    TcpSocket accepted(int number, AcceptOperation operation) {
        var name = PeerName.of("tcp", operation.name());
        var engine = fd().descriptor().engine();
        return new TcpSocket(new Fd(Descriptor.opened(engine, number, Kind.SOCKET, name)));
    }

    /** The address it listens on, with the port that was chosen. */
    public InetSocketAddress localAddress() throws IOException {
        return Sockets.localAddress(fd());
    }
}
