package dev.volokno.net;

import dev.volokno.CancelledException;
import dev.volokno.descriptor.Descriptor;
import dev.volokno.descriptor.Kind;
import dev.volokno.descriptor.Turns.Direction;
import dev.volokno.fd.Fd;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A connection over a UNIX stream socket (unix(7)): a byte stream that can carry descriptors too,
 * and whose peer is known by its process and user.
 */
public final class UnixSocket extends SocketStream {
    private final UnixMessaging messaging;

    UnixSocket(Fd fd) {
        super(fd);
        messaging = new UnixMessaging(fd.descriptor());
    }

    /** Connects to a path; see {@link #connect(UnixAddress)}. */
    public static UnixSocket connect(Path path) throws IOException {
        return connect(UnixAddress.of(path));
    }

    /**
     * Connects. Waits while the listener's queue is full. Parks; on failure nothing stays open.
     *
     * @throws java.nio.file.NoSuchFileException if nothing is there
     * @throws java.nio.file.AccessDeniedException if this user may not
     * @throws java.net.ConnectException if nobody listens there: a stale socket, or a file
     */
    public static UnixSocket connect(UnixAddress remote) throws IOException {
        return new UnixSocket(UnixSetup.connect(UnixSetup.STREAM, remote));
    }

    /** Two connected sockets (socketpair(2)). */
    public static Pair pair() throws IOException {
        Fd[] ends = UnixSetup.pair(UnixSetup.STREAM);
        return new Pair(new UnixSocket(ends[0]), new UnixSocket(ends[1]));
    }

    /**
     * Two connected sockets.
     *
     * @param first the one
     * @param second the other
     */
    public record Pair(UnixSocket first, UnixSocket second) implements Closeable {
        @Override
        public void close() throws IOException {
            try (second) {
                first.close();
            }
        }
    }

    /**
     * Takes over a connected UNIX stream socket that somebody else opened, for the current loop. It
     * is made close-on-exec and non-blocking.
     *
     * @throws IllegalArgumentException if it is something else; it stays the caller's then
     * @throws IllegalStateException if the library owns it already
     */
    public static UnixSocket adopt(int number) throws IOException {
        UnixSetup.check(number, UnixSetup.STREAM, false);
        return new UnixSocket(Fd.adopt(number, Kind.SOCKET, "unix"));
    }

    /**
     * Writes all that remains in the buffer, which must be something, and passes descriptors along
     * with its first byte: whoever receives that gets descriptors of its own for the same open
     * files. Parks.
     *
     * @throws IllegalStateException if the stream of one of them has bytes left over, which nobody
     *     would find
     * @throws CancelledException if cancelled before all is written; the buffer's position tells
     *     whether anything was: then the descriptors are passed
     */
    public void send(ByteBuffer source, Fd... descriptors) throws IOException {
        if (!source.hasRemaining()) {
            throw new IllegalArgumentException("descriptors go with one byte at least");
        }
        Descriptor descriptor = fd().descriptor();
        descriptor.enter(Direction.WRITE);
        int start = source.position();
        try {
            messaging.send(source, null, descriptors);
            while (source.hasRemaining()) {
                messaging.send(source, null);
            }
        } catch (CancelledException e) {
            throw e.with((long) source.position() - start);
        } finally {
            descriptor.leave(Direction.WRITE);
        }
    }

    /**
     * Reads some bytes, and takes up to {@code maxDescriptors} descriptors that came along; they
     * are non-blocking and close-on-exec, and belong to the current loop. Descriptors that come
     * with bytes that are read otherwise are closed by the kernel. Parks.
     */
    public UnixMessage receive(ByteBuffer target, int maxDescriptors) throws IOException {
        Descriptor descriptor = fd().descriptor();
        while (true) {
            descriptor.enter(Direction.READ);
            try {
                if (descriptor.buffered() == 0) {
                    UnixMessage message = messaging.receive(target, maxDescriptors);
                    boolean ended = message.length() == 0 && target.hasRemaining();
                    return ended ? UnixMessage.plain(-1) : message;
                }
            } finally {
                descriptor.leave(Direction.READ);
            }
            return UnixMessage.plain(read(target));
        }
    }

    /** Who was at the other end when it connected (or listened). */
    public PeerCredentials peerCredentials() throws IOException {
        return UnixMessaging.credentials(fd());
    }

    /**
     * A descriptor of the process at the other end (pidfd_open(2)), which names no other even if
     * that one has ended; the caller has to close it.
     *
     * @return empty if the kernel does not tell (before 6.5)
     */
    public Optional<Fd> peerProcess() throws IOException {
        return UnixSetup.peerProcess(fd());
    }

    /** What this end is bound to. */
    public UnixAddress localAddress() throws IOException {
        return Sockets.localAddress(fd(), UnixAddress::decode);
    }

    /** What the peer is bound to. */
    public UnixAddress remoteAddress() throws IOException {
        return Sockets.remoteAddress(fd(), UnixAddress::decode);
    }
}
