package dev.volokno.net;

import dev.volokno.DeadlineException;
import dev.volokno.descriptor.Kind;
import dev.volokno.fd.Fd;
import dev.volokno.fiber.Deadline;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A UNIX datagram socket (unix(7)): datagrams keep their bounds and their order, and none is lost;
 * a sender waits while the receiver's queue is full. Every wait parks and is cancellable; receivers
 * take turns, and so do senders. Closing it removes its file, if that is still the one it made.
 */
public final class UnixDatagramSocket implements Closeable {
    private final Fd fd;
    private final @Nullable UnixPath file;
    private final UnixMessaging messaging;

    private UnixDatagramSocket(Fd fd, @Nullable UnixPath file) {
        this.fd = fd;
        this.file = file;
        messaging = new UnixMessaging(fd.descriptor());
    }

    /** Opens a socket without an address, which can send but not be answered. */
    public static UnixDatagramSocket open() throws IOException {
        return new UnixDatagramSocket(UnixSetup.open(UnixSetup.DATAGRAM, "unix datagrams"), null);
    }

    /** Binds a socket; a path is for this user alone. */
    public static UnixDatagramSocket bind(UnixAddress local) throws IOException {
        return bind(local, UnixListener.OWNER_ALONE);
    }

    /**
     * Binds a socket. A path's file gets the permissions {@code mode}, as chmod(1) takes them in
     * octal, right after it was made; who may write to it may send. A socket of that name that
     * nobody has open any more is replaced; anything else that is there is left alone.
     *
     * @throws java.net.BindException if the address is taken, or something else is there
     */
    public static UnixDatagramSocket bind(UnixAddress local, int mode) throws IOException {
        Fd fd = UnixSetup.open(UnixSetup.DATAGRAM, "unix datagrams " + local);
        UnixPath made = null;
        try {
            made = UnixPath.bind(fd, UnixSetup.DATAGRAM, local);
            if (made != null) {
                made.mode(mode);
            }
            return new UnixDatagramSocket(fd, made);
        } catch (IOException | RuntimeException e) {
            fd.close();
            if (made != null) {
                made.remove();
            }
            throw e;
        }
    }

    /**
     * Takes over a UNIX datagram socket that somebody else opened, such as a service manager, for
     * the current loop; its file stays when it is closed. It is made close-on-exec and
     * non-blocking.
     *
     * @throws IllegalArgumentException if it is something else; it stays the caller's then
     * @throws IllegalStateException if the library owns it already
     */
    public static UnixDatagramSocket adopt(int number) throws IOException {
        UnixSetup.check(number, UnixSetup.DATAGRAM, false);
        Fd fd = Fd.adopt(number, Kind.OTHER_SOCKET, "unix datagrams");
        return new UnixDatagramSocket(fd, null);
    }

    /** Two connected sockets (socketpair(2)). */
    public static List<UnixDatagramSocket> pair() throws IOException {
        Fd[] ends = UnixSetup.pair(UnixSetup.DATAGRAM);
        return List.of(
                new UnixDatagramSocket(ends[0], null), new UnixDatagramSocket(ends[1], null));
    }

    /** Fixes the peer: only it is sent to, and only what it sends is received. */
    public void connect(UnixAddress peer) throws IOException {
        UnixSetup.connect(fd, peer);
    }

    /** Sends what remains in the buffer as one datagram to the connected peer. Parks. */
    public void send(ByteBuffer source, Fd... descriptors) throws IOException {
        messaging.sendAlone(source, null, descriptors);
    }

    /**
     * Sends what remains in the buffer as one datagram to {@code target}, with descriptors if any.
     * Parks while the receiver's queue is full.
     */
    public void sendTo(UnixAddress target, ByteBuffer source, Fd... descriptors)
            throws IOException {
        messaging.sendAlone(source, target, descriptors);
    }

    /** Waits for the next datagram. Descriptors in it are closed. */
    public UnixMessage receive(ByteBuffer target) throws IOException {
        return receive(target, 0);
    }

    /** Like {@link #receive(ByteBuffer)}, with up to {@code maxDescriptors} that came along. */
    public UnixMessage receive(ByteBuffer target, int maxDescriptors) throws IOException {
        return messaging.receiveAlone(target, maxDescriptors);
    }

    /**
     * Like {@link #receive(ByteBuffer)}, for a limited time.
     *
     * @throws DeadlineException if it is over; no datagram was taken then
     */
    public UnixMessage receive(ByteBuffer target, Duration timeout) throws IOException {
        return Deadline.within(timeout, () -> receive(target));
    }

    /** What it is bound to. */
    public UnixAddress localAddress() throws IOException {
        return Sockets.localAddress(fd, UnixAddress::decode);
    }

    /** Sets an option of {@link NetOption}. */
    public <T> void set(NetOption<T> option, T value) throws IOException {
        Sockets.set(fd, option, value);
    }

    /** The value of an option, as the kernel has it. */
    public <T> T get(NetOption<T> option) throws IOException {
        return Sockets.get(fd, option);
    }

    /** The descriptor. */
    public Fd fd() {
        return fd;
    }

    @Override
    public void close() throws IOException {
        boolean first = fd.isOpen();
        fd.close();
        if (first && file != null) {
            file.remove();
        }
    }

    @Override
    public String toString() {
        return fd.toString();
    }
}
