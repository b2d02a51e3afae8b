package dev.volokno.net;

import dev.volokno.DeadlineException;
import dev.volokno.backend.DatagramOperation;
import dev.volokno.descriptor.Descriptor;
import dev.volokno.descriptor.Kind;
import dev.volokno.descriptor.Turns.Direction;
import dev.volokno.fd.Fd;
import dev.volokno.fiber.Deadline;
import dev.volokno.linux.Memory;
import dev.volokno.linux.SysSocket;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A UDP socket (udp(7)). Every wait parks and is cancellable; receivers take turns, and so do
 * senders.
 */
public final class UdpSocket implements Closeable {
    private final Fd fd;
    private final Descriptor descriptor;
    private final int family;
    private final DatagramOperation receiving;
    private final DatagramOperation sending;

    private UdpSocket(Fd fd, int family) {
        this.fd = fd;
        this.family = family;
        descriptor = fd.descriptor();
        receiving = DatagramOperation.receiving(descriptor.handle());
        sending = DatagramOperation.sending(descriptor.handle());
    }

    /**
     * Binds a socket to {@code local}; port 0 lets the kernel choose one. An IPv6 wildcard serves
     * IPv4 too.
     *
     * @throws java.net.BindException if the address is taken or not ours
     */
    public static UdpSocket bind(InetSocketAddress local) throws IOException {
        int family = SocketAddresses.familyOf(local);
        Fd fd = Sockets.open(SocketType.datagram(family), Kind.OTHER_SOCKET, "udp " + local);
        try {
            if (family == SysSocket.AF_INET6) {
                Sockets.set(fd, IpOption.V6_ONLY, false);
            }
            Sockets.bind(fd, local, family);
            return new UdpSocket(fd, family);
        } catch (IOException | RuntimeException e) {
            fd.close();
            throw e;
        }
    }

    /**
     * A datagram's origin and size.
     *
     * @param sender who sent it
     * @param length how many bytes were put into the buffer
     * @param truncated whether the datagram was longer than the buffer; the rest is lost
     */
    public record Datagram(InetSocketAddress sender, int length, boolean truncated) {}

    /** Waits for the next datagram and puts it into the buffer's remaining room. */
    public Datagram receive(ByteBuffer target) throws IOException {
        if (target.isReadOnly()) {
            throw new IllegalArgumentException("cannot receive into a read-only buffer: " + target);
        }
        descriptor.enter(Direction.READ);
        try {
            long result =
                    descriptor.perform(receiving.with(target, DatagramOperation.NAME_CAPACITY));
            boolean truncated = result >= DatagramOperation.TRUNCATED;
            int length = (int) (truncated ? result - DatagramOperation.TRUNCATED : result);
            receiving.unstage(length);
            target.position(target.position() + length);
            return new Datagram(SocketAddresses.decode(receiving.name()), length, truncated);
        } finally {
            receiving.letGo();
            descriptor.leave(Direction.READ);
        }
    }

    /**
     * Like {@link #receive(ByteBuffer)}, for a limited time.
     *
     * @throws DeadlineException if it is over; no datagram was taken then
     */
    public Datagram receive(ByteBuffer target, Duration timeout) throws IOException {
        return Deadline.within(timeout, () -> receive(target));
    }

    /**
     * Sends what remains in the buffer as one datagram to {@code target}; waits while the socket's
     * queue is full.
     */
    public void send(ByteBuffer source, InetSocketAddress target) throws IOException {
        transmit(source, target);
    }

    /** Sends what remains in the buffer as one datagram to the peer this socket is connected to. */
    public void send(ByteBuffer source) throws IOException {
        transmit(source, null);
    }

    private void transmit(ByteBuffer source, @Nullable InetSocketAddress target)
            throws IOException {
        descriptor.enter(Direction.WRITE);
        try {
            int nameLength = target == null ? 0 : encode(target);
            int length = (int) descriptor.perform(sending.with(source, nameLength));
            source.position(source.position() + length);
        } finally {
            sending.letGo();
            descriptor.leave(Direction.WRITE);
        }
    }

    private int encode(InetSocketAddress target) {
        return SocketAddresses.encode(
                Memory.at(sending.name(), DatagramOperation.NAME_CAPACITY),
                SocketAddresses.resolved(target),
                target.getPort(),
                family);
    }

    /** Fixes the peer: only its datagrams are received, and its errors are told (connect(2)). */
    public void connect(InetSocketAddress peer) throws IOException {
        var address = SocketAddresses.encode(peer, family);
        descriptor.call(
                "connect",
                (errno, number) ->
                        SysSocket.connect(
                                errno, number, address.address(), (int) address.byteSize()));
    }

    /**
     * Sets an option of {@link NetOption} or {@link IpOption}.
     *
     * @throws dev.volokno.SystemCallException if the kernel does not have it or refuses the value
     */
    public <T> UdpSocket set(NetOption<T> option, T value) throws IOException {
        Sockets.set(fd, option, value);
        return this;
    }

    /** The value of an option, as the kernel has it. */
    public <T> T get(NetOption<T> option) throws IOException {
        return Sockets.get(fd, option);
    }

    /** This end's address, with the port that was chosen. */
    public InetSocketAddress localAddress() throws IOException {
        return Sockets.localAddress(fd);
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
