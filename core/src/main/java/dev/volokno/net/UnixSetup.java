package dev.volokno.net;

import dev.volokno.SystemCallException;
import dev.volokno.backend.ConnectOperation;
import dev.volokno.backend.DirectOperation;
import dev.volokno.backend.Kernel;
import dev.volokno.descriptor.Descriptor;
import dev.volokno.descriptor.Kind;
import dev.volokno.engine.Engine;
import dev.volokno.fd.Fd;
import dev.volokno.fiber.Fiber;
import dev.volokno.linux.Memory;
import dev.volokno.linux.SysSocket;
import dev.volokno.linux.SysSocket.SocketOption;
import dev.volokno.loop.Loop;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.ConnectException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** How UNIX sockets come into the library: opened, connected, in pairs, or taken over. */
final class UnixSetup {
    static final SocketType STREAM = SocketType.stream(SysSocket.AF_UNIX);
    static final SocketType DATAGRAM = SocketType.datagram(SysSocket.AF_UNIX);
    static final SocketType PACKET = new SocketType(SysSocket.AF_UNIX, SysSocket.SOCK_SEQPACKET, 0);

    private static final SocketOption PEER_PIDFD =
            new SocketOption(SysSocket.SOL_SOCKET, SysSocket.SO_PEERPIDFD);

    /** The kernel is older, or the peer's process was reaped. */
    private static final Set<String> NO_PIDFD = Set.of("ENOPROTOOPT", "EINVAL", "ESRCH", "ENODATA");

    /** The kernel does not tell when a listener's full queue has room again. */
    private static final Duration FULL_QUEUE_PAUSE = Duration.ofMillis(2);

    private UnixSetup() {}

    static Kind kindOf(SocketType type) {
        return type == STREAM ? Kind.SOCKET : Kind.OTHER_SOCKET;
    }

    static Fd open(SocketType type, String name) throws IOException {
        return Sockets.open(type, kindOf(type), name);
    }

    static Fd connect(SocketType type, UnixAddress remote) throws IOException {
        Fd fd = open(type, "unix " + remote);
        try {
            connect(fd, remote);
            return fd;
        } catch (IOException | RuntimeException e) {
            fd.close();
            throw e;
        }
    }

    static void connect(Fd fd, UnixAddress remote) throws IOException {
        var operation = new ConnectOperation(fd.descriptor().handle(), remote.encode());
        while (true) {
            try {
                // Not by performing it: a full queue says EAGAIN here, and the socket is writable.
                fd.descriptor().call("connect", (errno, number) -> operation.attempt(errno));
                return;
            } catch (SystemCallException e) {
                if (!e.errno().equals("EAGAIN")) {
                    throw javaException(e, remote);
                }
                Fiber.sleep(FULL_QUEUE_PAUSE);
            }
        }
    }

    private static IOException javaException(SystemCallException failure, UnixAddress remote) {
        String text = failure.getMessage();
        IOException known =
                switch (failure.errno()) {
                    case "ENOENT" -> new NoSuchFileException(remote.toString(), null, text);
                    case "EACCES", "EPERM" ->
                            new AccessDeniedException(remote.toString(), null, text);
                    case "ECONNREFUSED" -> new ConnectException(text);
                    default -> failure;
                };
        if (known != failure) {
            known.initCause(failure);
        }
        return known;
    }

    static Fd[] pair(SocketType type) throws IOException {
        Engine engine = Loop.current().engine();
        int flags = SysSocket.SOCK_NONBLOCK | SysSocket.SOCK_CLOEXEC;
        try (Arena arena = Arena.ofShared()) {
            long numbers = arena.allocate(2L * Integer.BYTES, Integer.BYTES).address();
            long result =
                    engine.perform(
                            DirectOperation.of(
                                    "socketpair",
                                    (errno, none) ->
                                            SysSocket.socketpair(
                                                    errno,
                                                    type.family(),
                                                    type.type() | flags,
                                                    numbers)));
            Kernel.check("socketpair", result, "two UNIX sockets");
            Kind kind = kindOf(type);
            return new Fd[] {
                new Fd(Descriptor.opened(engine, Memory.getInt(numbers), kind, "unix pair")),
                new Fd(Descriptor.opened(engine, Memory.getInt(numbers + 4), kind, "unix pair"))
            };
        }
    }

    /**
     * Refuses what is no such socket.
     *
     * @throws IllegalArgumentException that says what it is
     */
    static void check(int number, SocketType type, boolean listening) throws IOException {
        String what = (listening ? "listening " : "") + "UNIX (type " + type.type() + ")";
        SocketNature.require(number, type, listening, what);
    }

    static Optional<Fd> peerProcess(Fd fd) throws IOException {
        try (Arena arena = Arena.ofShared()) {
            MemorySegment number = arena.allocate(ValueLayout.JAVA_INT);
            Sockets.get(fd, PEER_PIDFD, number);
            int pidfd = number.get(ValueLayout.JAVA_INT, 0);
            var engine = Loop.current().engine();
            return Optional.of(
                    new Fd(Descriptor.opened(engine, pidfd, Kind.ANY, "process of " + fd)));
        } catch (SystemCallException e) {
            if (!NO_PIDFD.contains(e.errno())) {
                throw e;
            }
            return Optional.empty();
        }
    }
}
