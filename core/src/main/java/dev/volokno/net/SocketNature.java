package dev.volokno.net;

import dev.volokno.backend.DirectOperation;
import dev.volokno.backend.Kernel;
import dev.volokno.linux.NetinetIn;
import dev.volokno.linux.SysSocket;
import dev.volokno.linux.SysSocket.SocketOption;
import dev.volokno.loop.Loop;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * What a socket of somebody else's is, as the kernel says.
 *
 * @param listening whether it accepts connections
 */
record SocketNature(int family, int type, int protocol, boolean listening) {
    /**
     * Asks about a number that nobody in the library owns.
     *
     * @throws dev.volokno.SystemCallException with {@code ENOTSOCK} if it is no socket
     */
    static SocketNature of(int number) throws IOException {
        return new SocketNature(
                ask(number, SysSocket.SO_DOMAIN),
                ask(number, SysSocket.SO_TYPE),
                ask(number, SysSocket.SO_PROTOCOL),
                ask(number, SysSocket.SO_ACCEPTCONN) != 0);
    }

    /**
     * Refuses what is no such socket.
     *
     * @param what what was wanted, for the message
     * @throws IllegalArgumentException that says what it is
     */
    static void require(int number, SocketType type, boolean listening, String what)
            throws IOException {
        SocketNature found = of(number);
        if (found.family != type.family()
                || found.type != type.type()
                || found.listening != listening) {
            throw new IllegalArgumentException(
                    "fd %d is no %s socket, but %s".formatted(number, what, found));
        }
    }

    /** Refuses what is no UDP socket; its family. */
    static int requireUdp(int number) throws IOException {
        SocketNature found = of(number);
        boolean internet = found.family == SysSocket.AF_INET || found.family == SysSocket.AF_INET6;
        if (!internet || found.protocol != NetinetIn.IPPROTO_UDP) {
            throw new IllegalArgumentException("fd " + number + " is no UDP socket, but " + found);
        }
        return found.family;
    }

    private static int ask(int number, int option) throws IOException {
        var place = new SocketOption(SysSocket.SOL_SOCKET, option);
        try (Arena arena = Arena.ofShared()) {
            MemorySegment value = arena.allocate(ValueLayout.JAVA_INT);
            MemorySegment length = arena.allocateFrom(ValueLayout.JAVA_INT, Integer.BYTES);
            long result =
                    Loop.current()
                            .engine()
                            .perform(
                                    DirectOperation.of(
                                            "getsockopt",
                                            (errno, none) ->
                                                    SysSocket.getsockopt(
                                                            errno,
                                                            number,
                                                            place,
                                                            value.address(),
                                                            length.address())));
            Kernel.check("getsockopt", result, "fd " + number);
            return value.get(ValueLayout.JAVA_INT, 0);
        }
    }

    @Override
    public String toString() {
        return "family %d, type %d, protocol %d%s"
                .formatted(family, type, protocol, listening ? ", listening" : "");
    }
}
