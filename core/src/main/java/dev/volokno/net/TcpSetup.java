package dev.volokno.net;

import dev.volokno.SystemCallException;
import dev.volokno.descriptor.Kind;
import dev.volokno.fd.Fd;
import dev.volokno.linux.NetinetIn;
import dev.volokno.linux.SysSocket;
import dev.volokno.linux.SysSocket.SocketOption;
import java.io.IOException;
import java.util.Set;

/** How TCP sockets come into the library: opened, or taken over. */
final class TcpSetup {
    static final SocketOption PROTOCOL =
            new SocketOption(SysSocket.SOL_SOCKET, SysSocket.SO_PROTOCOL);

    /** The kernel was built without Multipath TCP, or has it switched off. */
    private static final Set<String> NO_MULTIPATH =
            Set.of("EPROTONOSUPPORT", "ENOPROTOOPT", "EINVAL", "EOPNOTSUPP");

    private TcpSetup() {}

    static Fd open(int family, TcpOptions options, Kind kind, String path) throws IOException {
        Fd fd =
                options.multipath()
                        ? openMultipath(family, kind, path)
                        : openPlain(family, kind, path);
        try {
            Sockets.set(fd, TcpOption.NO_DELAY, true);
            return fd;
        } catch (IOException | RuntimeException e) {
            fd.close();
            throw e;
        }
    }

    private static Fd openPlain(int family, Kind kind, String path) throws IOException {
        return Sockets.open(SocketType.stream(family), kind, path);
    }

    private static Fd openMultipath(int family, Kind kind, String path) throws IOException {
        try {
            var type = new SocketType(family, SysSocket.SOCK_STREAM, NetinetIn.IPPROTO_MPTCP);
            return Sockets.open(type, kind, path);
        } catch (SystemCallException e) {
            if (!NO_MULTIPATH.contains(e.errno())) {
                throw e;
            }
            return openPlain(family, kind, path);
        }
    }

    /**
     * Refuses what is no TCP socket.
     *
     * @throws IllegalArgumentException that says what it is
     */
    static void check(int number, boolean listening) throws IOException {
        var found = SocketNature.of(number);
        boolean internet =
                found.family() == SysSocket.AF_INET || found.family() == SysSocket.AF_INET6;
        boolean tcp =
                found.protocol() == NetinetIn.IPPROTO_TCP
                        || found.protocol() == NetinetIn.IPPROTO_MPTCP;
        if (!internet || !tcp || found.listening() != listening) {
            throw new IllegalArgumentException(
                    "fd "
                            + number
                            + " is no "
                            + (listening ? "listening " : "")
                            + "TCP socket, but "
                            + found);
        }
    }
}
