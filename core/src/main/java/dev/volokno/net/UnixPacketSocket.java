package dev.volokno.net;

import dev.volokno.DeadlineException;
import dev.volokno.fd.Fd;
import dev.volokno.fiber.Deadline;
import dev.volokno.linux.SysSocket;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;

/**
 * A connection over a UNIX socket that keeps the bounds of its packets and their order, and loses
 * none ({@code SOCK_SEQPACKET}, unix(7)). Every wait parks and is cancellable; receivers take
 * turns, and so do senders.
 */
public final class UnixPacketSocket implements Closeable {
    private final Fd fd;
    private final UnixMessaging messaging;

    UnixPacketSocket(Fd fd) {
        this.fd = fd;
        messaging = new UnixMessaging(fd.descriptor());
    }

    /** Connects; see {@link UnixSocket#connect(UnixAddress)}. */
    public static UnixPacketSocket connect(UnixAddress remote) throws IOException {
        return new UnixPacketSocket(UnixSetup.connect(UnixSetup.PACKET, remote));
    }

    /** Two connected sockets (socketpair(2)). */
    public static List<UnixPacketSocket> pair() throws IOException {
        Fd[] ends = UnixSetup.pair(UnixSetup.PACKET);
        return List.of(new UnixPacketSocket(ends[0]), new UnixPacketSocket(ends[1]));
    }

    /**
     * Sends what remains in the buffer as one packet, with descriptors if any; waits while the
     * peer's queue is full.
     *
     * @throws IllegalArgumentException if there is nothing to send: the peer could not tell an
     *     empty packet from the end
     */
    public void send(ByteBuffer source, Fd... descriptors) throws IOException {
        if (!source.hasRemaining()) {
            throw new IllegalArgumentException("an empty packet would look like the end");
        }
        messaging.sendAlone(source, null, descriptors);
    }

    /** Waits for the next packet: its length, or -1 at the end. Descriptors in it are closed. */
    public UnixMessage receive(ByteBuffer target) throws IOException {
        return receive(target, 0);
    }

    /** Like {@link #receive(ByteBuffer)}, with up to {@code maxDescriptors} that came along. */
    public UnixMessage receive(ByteBuffer target, int maxDescriptors) throws IOException {
        if (!target.hasRemaining()) {
            throw new IllegalArgumentException("no room in " + target);
        }
        UnixMessage message = messaging.receiveAlone(target, maxDescriptors);
        if (message.length() > 0) {
            return message;
        }
        for (Fd fd : message.descriptors()) {
            fd.close();
        }
        return UnixMessage.plain(-1);
    }

    /**
     * Like {@link #receive(ByteBuffer)}, for a limited time.
     *
     * @throws DeadlineException if it is over; no packet was taken then
     */
    public UnixMessage receive(ByteBuffer target, Duration timeout) throws IOException {
        return Deadline.within(timeout, () -> receive(target));
    }

    /** Who was at the other end when it connected (or listened). */
    public PeerCredentials peerCredentials() throws IOException {
        return UnixMessaging.credentials(fd);
    }

    /** Ends the output: the peer receives the end. */
    public void shutdownOutput() throws IOException {
        Sockets.shutdown(fd, SysSocket.SHUT_WR);
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
        fd.close();
    }

    @Override
    public String toString() {
        return fd.toString();
    }
}
