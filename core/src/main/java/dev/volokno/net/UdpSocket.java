package dev.volokno.net;

import dev.volokno.CancelledException;
import dev.volokno.DeadlineException;
import dev.volokno.SystemCallException;
import dev.volokno.backend.BatchOperation;
import dev.volokno.backend.DatagramOperation;
import dev.volokno.descriptor.Descriptor;
import dev.volokno.descriptor.Kind;
import dev.volokno.descriptor.Turns.Direction;
import dev.volokno.fd.Fd;
import dev.volokno.fiber.Deadline;
import dev.volokno.linux.Errno;
import dev.volokno.linux.Memory;
import dev.volokno.linux.SysSocket;
import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A UDP socket (udp(7)). Every wait parks and is cancellable; receivers take turns, and so do
 * senders.
 */
public final class UdpSocket implements Closeable {
    private final Fd fd;
    private final Descriptor descriptor;
    private final int family;
    private final InetAddress boundTo;
    private final DatagramOperation receiving;
    private final DatagramOperation sending;
    private final BatchOperation receivingBatch;
    private final BatchOperation sendingBatch;

    private UdpSocket(Fd fd, int family, InetAddress boundTo) {
        this.fd = fd;
        this.boundTo = boundTo;
        this.family = family;
        descriptor = fd.descriptor();
        receiving = DatagramOperation.receiving(descriptor.handle());
        sending = DatagramOperation.sending(descriptor.handle());
        receivingBatch = BatchOperation.receiving(descriptor.handle());
        sendingBatch = BatchOperation.sending(descriptor.handle());
    }

    /**
     * Binds a socket to {@code local}; port 0 lets the kernel choose one. An IPv6 wildcard serves
     * IPv4 too.
     *
     * @throws java.net.BindException if the address is taken or not ours
     */
    public static UdpSocket bind(InetSocketAddress local) throws IOException {
        return bind(local, false);
    }

    /**
     * Like {@link #bind}, but other sockets that are bound in this way may have the same address.
     * Datagrams to a group reach all of them; any other goes to one, as the kernel spreads them by
     * their senders ({@code SO_REUSEPORT}, {@code SO_REUSEADDR}).
     */
    public static UdpSocket bindShared(InetSocketAddress local) throws IOException {
        return bind(local, true);
    }

    private static UdpSocket bind(InetSocketAddress local, boolean shared) throws IOException {
        int family = SocketAddresses.familyOf(local);
        Fd fd = Sockets.open(SocketType.datagram(family), Kind.OTHER_SOCKET, "udp " + local);
        try {
            if (family == SysSocket.AF_INET6) {
                Sockets.set(fd, IpOption.V6_ONLY, false);
            }
            if (shared) {
                Sockets.set(fd, NetOption.REUSE_ADDRESS, true);
                Sockets.set(fd, NetOption.REUSE_PORT, true);
            }
            Sockets.bind(fd, local, family);
            return new UdpSocket(fd, family, local.getAddress());
        } catch (IOException | RuntimeException e) {
            fd.close();
            throw e;
        }
    }

    /**
     * Takes over a UDP socket that somebody else opened, such as a service manager, for the current
     * loop. It is made close-on-exec and non-blocking.
     *
     * @throws IllegalArgumentException if it is something else; it stays the caller's then
     * @throws IllegalStateException if the library owns it already
     */
    public static UdpSocket adopt(int number) throws IOException {
        int family = SocketNature.requireUdp(number);
        Fd fd = Fd.adopt(number, Kind.OTHER_SOCKET, "udp");
        InetSocketAddress local = Sockets.localAddress(fd);
        fd.descriptor().handle().named(new PeerName("udp", local));
        return new UdpSocket(fd, family, local.getAddress());
    }

    /**
     * A datagram's origin and size.
     *
     * @param sender who sent it
     * @param length how many bytes were put into the buffer
     * @param truncated whether the datagram was longer than the buffer; the rest is lost
     * @param arrival what more the kernel was asked to tell
     */
    public record Datagram(
            InetSocketAddress sender, int length, boolean truncated, Arrival arrival) {}

    /**
     * How a datagram came in; each of it if the socket was asked to tell.
     *
     * @param destination the address it was sent to, with {@link IpOption#PACKET_INFO}
     * @param interfaceIndex the number of the interface it came in by, with {@link
     *     IpOption#PACKET_INFO}; else 0
     * @param time when the kernel received it, by the wall clock, with {@link NetOption#TIMESTAMPS}
     * @param segment how many bytes each of several joined datagrams has, with {@link
     *     UdpOption#COALESCE}; 0 if it is one datagram
     */
    public record Arrival(
            Optional<InetAddress> destination,
            int interfaceIndex,
            Optional<Instant> time,
            int segment) {
        /** Nothing was asked for. */
        static final Arrival UNKNOWN = new Arrival(Optional.empty(), 0, Optional.empty(), 0);
    }

    // ---- receiving

    /**
     * Waits for the next datagram and puts it into the buffer's remaining room. Parks.
     *
     * @throws UndeliveredException if one that was sent before did not arrive, and {@link
     *     #tellErrors} asked for that
     */
    public Datagram receive(ByteBuffer target) throws IOException {
        if (target.isReadOnly()) {
            throw new IllegalArgumentException("cannot receive into a read-only buffer: " + target);
        }
        descriptor.enter(Direction.READ);
        try {
            return received(
                    target,
                    descriptor.perform(receiving.with(target, DatagramOperation.NAME_CAPACITY)));
        } catch (SystemCallException e) {
            throw undeliveredOr(e);
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
     * Waits until a datagram is there, and takes that and those that are there with it, as many as
     * {@code batch} has room for. What was in it is lost. Parks.
     *
     * @return how many they are, at least one
     */
    public int receive(DatagramBatch batch) throws IOException {
        descriptor.enter(Direction.READ);
        try {
            long messages = batch.toReceive();
            int count = (int) descriptor.perform(receivingBatch.with(messages, batch.capacity()));
            batch.received(count);
            return count;
        } finally {
            descriptor.leave(Direction.READ);
        }
    }

    private Datagram received(ByteBuffer target, long result) {
        boolean truncated = result >= DatagramOperation.TRUNCATED;
        int length = (int) (truncated ? result - DatagramOperation.TRUNCATED : result);
        receiving.unstage(length);
        target.position(target.position() + length);
        return new Datagram(
                SocketAddresses.decode(receiving.name()),
                length,
                truncated,
                ControlMessages.read(receiving.control(), receiving.controlLength()));
    }

    private SystemCallException undeliveredOr(SystemCallException e) {
        long error =
                receiving.isErrorTold()
                        ? ControlMessages.findError(receiving.control(), receiving.controlLength())
                        : 0;
        return error == 0
                ? e
                : new UndeliveredException(
                        e,
                        SocketAddresses.decode(receiving.name()),
                        ControlMessages.teller(error),
                        ControlMessages.icmp(error));
    }

    // ---- sending

    /**
     * Sends what remains in the buffer as one datagram to {@code target}; waits while the socket's
     * queue is full.
     *
     * @throws SystemCallException with {@code EMSGSIZE} if it is too long for a datagram, or for
     *     the path if that must not be fragmented
     */
    public void send(ByteBuffer source, InetSocketAddress target) throws IOException {
        transmit(source, target, null);
    }

    /** Sends what remains in the buffer as one datagram to the peer this socket is connected to. */
    public void send(ByteBuffer source) throws IOException {
        transmit(source, null, null);
    }

    /**
     * Sends what remains in the buffer to whoever sent {@code received}, from the address that he
     * sent it to, and by the interface that it came in by; which takes {@link
     * IpOption#PACKET_INFO}, and without it is no different from {@link #send}.
     */
    public void reply(ByteBuffer source, Datagram received) throws IOException {
        transmit(source, received.sender(), received.arrival());
    }

    private void transmit(
            ByteBuffer source, @Nullable InetSocketAddress target, @Nullable Arrival from)
            throws IOException {
        descriptor.enter(Direction.WRITE);
        try {
            DatagramOperation operation = sending.with(source, target == null ? 0 : encode(target));
            if (from != null && sendable(from)) {
                operation.withControl(
                        ControlMessages.writeSource(
                                operation.control(),
                                from.destination().orElseThrow(),
                                from.interfaceIndex()));
            }
            int length = (int) descriptor.perform(operation);
            source.position(source.position() + length);
        } catch (SystemCallException e) {
            throw tooLongOr(e, source.remaining());
        } finally {
            sending.letGo();
            descriptor.leave(Direction.WRITE);
        }
    }

    /** No datagram comes from a group or from everybody. */
    private static boolean sendable(Arrival from) {
        return from.destination().filter(address -> !address.isMulticastAddress()).isPresent();
    }

    private SystemCallException tooLongOr(SystemCallException e, int length) {
        return e.errno().equals(Errno.EMSGSIZE.name())
                ? new SystemCallException(
                        e.call(), e.errno(), toString(), "a datagram of " + length + " bytes")
                : e;
    }

    /**
     * Sends all datagrams of {@code batch}, in their order; it is empty afterwards. Waits while the
     * socket's queue is full; if that is cancelled, {@link CancelledException#transferred} tells
     * how many were sent.
     *
     * @throws SystemCallException if one could not be sent: its message says which, those before it
     *     were sent, and the batch is as it was
     */
    public void send(DatagramBatch batch) throws IOException {
        descriptor.enter(Direction.WRITE);
        int sent = 0;
        try {
            while (sent < batch.size()) {
                long messages = batch.toSend(sent);
                sent += (int) descriptor.perform(sendingBatch.with(messages, batch.size() - sent));
            }
            batch.clear();
        } catch (SystemCallException e) {
            throw new SystemCallException(
                    e.call(), e.errno(), toString(), "datagram " + sent + " of " + batch.size());
        } catch (CancelledException e) {
            throw e.with(sent);
        } finally {
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

    /**
     * Makes room for {@code capacity} datagrams of at most {@code bytes} bytes each, for this
     * socket or another of the same family.
     */
    public DatagramBatch newBatch(int capacity, int bytes) {
        return new DatagramBatch(family, capacity, bytes);
    }

    // ---- peers and groups

    /** Fixes the peer: only its datagrams are received, and its errors are told (connect(2)). */
    public void connect(InetSocketAddress peer) throws IOException {
        connect(SocketAddresses.encode(peer, family));
    }

    /** Undoes {@link #connect}: everybody's datagrams are received again, at the same port. */
    public void disconnect() throws IOException {
        int port = localAddress().getPort();
        connect(Arena.ofAuto().allocate(SocketAddresses.lengthOf(family), 8));
        if (localAddress().getPort() != port) {
            // The kernel has let go of a port that it had chosen itself.
            Sockets.bind(fd, new InetSocketAddress(boundTo, port), family);
        }
    }

    private void connect(MemorySegment address) throws IOException {
        descriptor.call(
                "connect",
                (errno, number) ->
                        SysSocket.connect(
                                errno, number, address.address(), (int) address.byteSize()));
    }

    /**
     * Has every datagram that the network says did not arrive told to whoever receives, by an
     * {@link UndeliveredException}, whether this socket is connected or not ({@code IP_RECVERR}).
     * Sending then fails for the datagram's own sake alone.
     */
    public void tellErrors(boolean told) throws IOException {
        Sockets.set(fd, IpOption.RECEIVE_ERRORS, told);
        receiving.keepErrors(told);
        sending.keepErrors(told);
    }

    /**
     * Joins a group: receives what is sent to it, by {@code on}. A socket that is bound to any
     * address then gets nothing of other groups; one that is bound to the group's own address gets
     * nothing but that.
     *
     * @throws SystemCallException with {@code EADDRINUSE} if it is in there already, {@code ENODEV}
     *     if the interface has no address of that family
     */
    public void join(InetAddress group, NetworkInterface on) throws IOException {
        Sockets.set(fd, IpOption.MULTICAST_ALL, false);
        GroupRequest.join(fd, group, on, null);
    }

    /** Joins a group for what {@code source} sends to it, and nobody else. */
    public void join(InetAddress group, NetworkInterface on, InetAddress source)
            throws IOException {
        Sockets.set(fd, IpOption.MULTICAST_ALL, false);
        GroupRequest.join(fd, group, on, source);
    }

    /**
     * Leaves a group.
     *
     * @throws SystemCallException with {@code EADDRNOTAVAIL} if it is not in there
     */
    public void leave(InetAddress group, NetworkInterface on) throws IOException {
        GroupRequest.leave(fd, group, on, null);
    }

    /** Leaves a group for one source. */
    public void leave(InetAddress group, NetworkInterface on, InetAddress source)
            throws IOException {
        GroupRequest.leave(fd, group, on, source);
    }

    /** The interface by which datagrams to groups leave ({@code IP_MULTICAST_IF}). */
    public void multicastBy(NetworkInterface on) throws IOException {
        GroupRequest.interfaceOf(fd, on);
    }

    /**
     * Sets an option of {@link NetOption}, {@link IpOption} or {@link UdpOption}.
     *
     * @throws SystemCallException if the kernel does not have it or refuses the value
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
