package dev.volokno.net;

import dev.volokno.SystemCallException;
import dev.volokno.backend.DirectOperation;
import dev.volokno.backend.Kernel;
import dev.volokno.descriptor.Descriptor;
import dev.volokno.descriptor.Kind;
import dev.volokno.engine.Engine;
import dev.volokno.fd.Fd;
import dev.volokno.linux.Memory;
import dev.volokno.linux.SysSocket;
import dev.volokno.linux.SysSocket.SocketOption;
import dev.volokno.loop.Loop;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.BindException;
import java.net.InetSocketAddress;

/** What TCP and UDP sockets have in common. */
final class Sockets {
    static final SocketOption REUSE_ADDRESS =
            new SocketOption(SysSocket.SOL_SOCKET, SysSocket.SO_REUSEADDR);
    static final SocketOption REUSE_PORT =
            new SocketOption(SysSocket.SOL_SOCKET, SysSocket.SO_REUSEPORT);
    static final SocketOption BROADCAST =
            new SocketOption(SysSocket.SOL_SOCKET, SysSocket.SO_BROADCAST);
    static final SocketOption KEEP_ALIVE =
            new SocketOption(SysSocket.SOL_SOCKET, SysSocket.SO_KEEPALIVE);
    static final SocketOption NO_DELAY =
            new SocketOption(SysSocket.IPPROTO_TCP, SysSocket.TCP_NODELAY);
    static final SocketOption V6_ONLY =
            new SocketOption(SysSocket.IPPROTO_IPV6, SysSocket.IPV6_V6ONLY);

    private static final int FLAGS = SysSocket.SOCK_NONBLOCK | SysSocket.SOCK_CLOEXEC;
    private static final int LONGEST_ADDRESS = 128;

    private Sockets() {}

    /** A new socket of the current loop; {@code path} says in messages what it is. */
    static Fd open(int family, int type, Kind kind, String path) throws IOException {
        Engine engine = Loop.current().engine();
        long number =
                engine.perform(
                        DirectOperation.of(
                                "socket",
                                (errno, none) -> SysSocket.socket(errno, family, type | FLAGS, 0)));
        return new Fd(Descriptor.opened(engine, Kernel.check("socket", number, path), kind, path));
    }

    static void bind(Fd fd, InetSocketAddress local, int family) throws IOException {
        MemorySegment address = SocketAddresses.encode(local, family);
        Descriptor descriptor = fd.descriptor();
        try {
            descriptor.call(
                    "bind",
                    (errno, number) ->
                            SysSocket.bind(
                                    errno, number, address.address(), (int) address.byteSize()));
        } catch (SystemCallException e) {
            var failure = new BindException(e.getMessage());
            failure.initCause(e);
            throw failure;
        }
    }

    static void set(Fd fd, SocketOption option, int value) throws IOException {
        fd.descriptor()
                .call(
                        "setsockopt",
                        (errno, number) -> {
                            try (Arena arena = Arena.ofConfined()) {
                                long address =
                                        arena.allocateFrom(ValueLayout.JAVA_INT, value).address();
                                return SysSocket.setsockopt(
                                        errno, number, option, address, Integer.BYTES);
                            }
                        });
    }

    static InetSocketAddress localAddress(Fd fd) throws IOException {
        return address(fd, "getsockname", SysSocket::getsockname);
    }

    static InetSocketAddress remoteAddress(Fd fd) throws IOException {
        return address(fd, "getpeername", SysSocket::getpeername);
    }

    private interface NameCall {
        int make(MemorySegment errno, int fd, long address, long length);
    }

    private static InetSocketAddress address(Fd fd, String name, NameCall call) throws IOException {
        try (Arena arena = Arena.ofShared()) {
            long address = arena.allocate(LONGEST_ADDRESS, 8).address();
            long length = arena.allocate(4, 4).address();
            Memory.putInt(length, LONGEST_ADDRESS);
            fd.descriptor()
                    .call(name, (errno, number) -> call.make(errno, number, address, length));
            return SocketAddresses.decode(address);
        }
    }
}
