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

/** What sockets of every family have in common. */
final class Sockets {
    private static final SocketOption DOMAIN =
            new SocketOption(SysSocket.SOL_SOCKET, SysSocket.SO_DOMAIN);
    private static final int FLAGS = SysSocket.SOCK_NONBLOCK | SysSocket.SOCK_CLOEXEC;
    private static final int LONGEST_ADDRESS = 128;

    private Sockets() {}

    /** A new socket of the current loop; {@code path} says in messages what it is. */
    static Fd open(SocketType type, Kind kind, String path) throws IOException {
        Engine engine = Loop.current().engine();
        long number =
                engine.perform(
                        DirectOperation.of(
                                "socket",
                                (errno, none) ->
                                        SysSocket.socket(
                                                errno,
                                                type.family(),
                                                type.type() | FLAGS,
                                                type.protocol())));
        return new Fd(Descriptor.opened(engine, Kernel.check("socket", number, path), kind, path));
    }

    static void bind(Fd fd, InetSocketAddress local, int family) throws IOException {
        bind(fd, SocketAddresses.encode(local, family));
    }

    /** {@code sockaddr} is native memory. */
    static void bind(Fd fd, MemorySegment sockaddr) throws IOException {
        try {
            fd.descriptor()
                    .call(
                            "bind",
                            (errno, number) ->
                                    SysSocket.bind(
                                            errno,
                                            number,
                                            sockaddr.address(),
                                            (int) sockaddr.byteSize()));
        } catch (SystemCallException e) {
            var failure = new BindException(e.getMessage());
            failure.initCause(e);
            throw failure;
        }
    }

    static void listen(Fd fd, int backlog) throws IOException {
        fd.descriptor().call("listen", (errno, number) -> SysSocket.listen(errno, number, backlog));
    }

    static void shutdown(Fd fd, int how) throws IOException {
        fd.descriptor().call("shutdown", (errno, number) -> SysSocket.shutdown(errno, number, how));
    }

    /** On an IPv6 socket an option with two places is set in both: IPv4 may go through it too. */
    static <T> void set(Fd fd, NetOption<T> option, T value) throws IOException {
        try (Arena arena = Arena.ofShared()) {
            MemorySegment room = arena.allocate(OptionForm.CAPACITY, Integer.BYTES);
            MemorySegment encoded = room.asSlice(0, option.form().write(value, room));
            SocketOption placeOfV6 = option.placeOfV6();
            if (placeOfV6 != null && family(fd) == SysSocket.AF_INET6) {
                set(fd, placeOfV6, encoded);
            }
            set(fd, option.place(), encoded);
        }
    }

    /** {@code value} is native memory. */
    static void set(Fd fd, SocketOption place, MemorySegment value) throws IOException {
        fd.descriptor()
                .call(
                        "setsockopt",
                        (errno, number) ->
                                SysSocket.setsockopt(
                                        errno,
                                        number,
                                        place,
                                        value.address(),
                                        (int) value.byteSize()));
    }

    static <T> T get(Fd fd, NetOption<T> option) throws IOException {
        SocketOption place = option.placeOfV6();
        if (place == null || family(fd) != SysSocket.AF_INET6) {
            place = option.place();
        }
        try (Arena arena = Arena.ofShared()) {
            MemorySegment room = arena.allocate(OptionForm.CAPACITY, Integer.BYTES);
            int length = get(fd, place, room);
            return option.form().read(room, length);
        }
    }

    /** Reads an option to native memory: how many bytes it has. */
    static int get(Fd fd, SocketOption place, MemorySegment room) throws IOException {
        try (Arena arena = Arena.ofShared()) {
            MemorySegment length = arena.allocateFrom(ValueLayout.JAVA_INT, (int) room.byteSize());
            fd.descriptor()
                    .call(
                            "getsockopt",
                            (errno, number) ->
                                    SysSocket.getsockopt(
                                            errno,
                                            number,
                                            place,
                                            room.address(),
                                            length.address()));
            return length.get(ValueLayout.JAVA_INT, 0);
        }
    }

    /** Reads an option that is an {@code int}. */
    static int getInt(Fd fd, SocketOption place) throws IOException {
        try (Arena arena = Arena.ofShared()) {
            MemorySegment room = arena.allocate(ValueLayout.JAVA_INT);
            get(fd, place, room);
            return room.get(ValueLayout.JAVA_INT, 0);
        }
    }

    static int family(Fd fd) throws IOException {
        return getInt(fd, DOMAIN);
    }

    static InetSocketAddress localAddress(Fd fd) throws IOException {
        return localAddress(fd, (address, length) -> SocketAddresses.decode(address));
    }

    static InetSocketAddress remoteAddress(Fd fd) throws IOException {
        return remoteAddress(fd, (address, length) -> SocketAddresses.decode(address));
    }

    /** Makes an address of {@code length} bytes of a {@code struct sockaddr}. */
    interface Decoding<T> {
        T decode(long sockaddr, int length);
    }

    static <T> T localAddress(Fd fd, Decoding<T> decoding) throws IOException {
        return address(fd, "getsockname", SysSocket::getsockname, decoding);
    }

    static <T> T remoteAddress(Fd fd, Decoding<T> decoding) throws IOException {
        return address(fd, "getpeername", SysSocket::getpeername, decoding);
    }

    private interface NameCall {
        int make(MemorySegment errno, int fd, long address, long length);
    }

    private static <T> T address(Fd fd, String name, NameCall call, Decoding<T> decoding)
            throws IOException {
        try (Arena arena = Arena.ofShared()) {
            long address = arena.allocate(LONGEST_ADDRESS, 8).address();
            long length = arena.allocate(4, 4).address();
            Memory.putInt(length, LONGEST_ADDRESS);
            fd.descriptor()
                    .call(name, (errno, number) -> call.make(errno, number, address, length));
            return decoding.decode(address, Memory.getInt(length));
        }
    }
}
