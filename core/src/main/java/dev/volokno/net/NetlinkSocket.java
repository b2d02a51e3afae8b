package dev.volokno.net;

import dev.volokno.DeadlineException;
import dev.volokno.SystemCallException;
import dev.volokno.backend.DatagramOperation;
import dev.volokno.descriptor.Descriptor;
import dev.volokno.descriptor.Kind;
import dev.volokno.descriptor.Turns.Direction;
import dev.volokno.fd.Fd;
import dev.volokno.fiber.Deadline;
import dev.volokno.linux.Errno;
import dev.volokno.linux.Memory;
import dev.volokno.linux.Netlink;
import dev.volokno.linux.SysSocket;
import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;

/**
 * A socket to the kernel (netlink(7)): datagrams whose meaning depends on the family. {@link
 * Uevent#listen} and {@link LinkEvent#listen} are made of it. Every wait parks and is cancellable;
 * receivers take turns, and so do senders.
 *
 * <p>Other processes may send to it too: whoever acts on what he receives looks at {@link
 * Datagram#fromKernel} first.
 */
public final class NetlinkSocket implements Closeable {
    /** Links, addresses, routes (rtnetlink(7)). */
    public static final int ROUTE = Netlink.NETLINK_ROUTE;

    /** Devices that come, go and change; the kernel's own are group 1. */
    public static final int KOBJECT_UEVENT = Netlink.NETLINK_KOBJECT_UEVENT;

    private static final NetOption<Integer> JOIN =
            membership("NETLINK_ADD_MEMBERSHIP", Netlink.NETLINK_ADD_MEMBERSHIP);
    private static final NetOption<Integer> LEAVE =
            membership("NETLINK_DROP_MEMBERSHIP", Netlink.NETLINK_DROP_MEMBERSHIP);

    /** Like {@link NetOption#RECEIVE_BUFFER}, beyond the system's limit. */
    private static final NetOption<Integer> RECEIVE_BUFFER_FORCED =
            NetOption.integer("SO_RCVBUFFORCE", SysSocket.SOL_SOCKET, SysSocket.SO_RCVBUFFORCE);

    private static final int ANY_PORT = 0;
    private static final int KERNEL = 0;

    private final Fd fd;
    private final Descriptor descriptor;
    private final DatagramOperation receiving;
    private final DatagramOperation sending;

    private NetlinkSocket(Fd fd) {
        this.fd = fd;
        descriptor = fd.descriptor();
        receiving = DatagramOperation.receiving(descriptor.handle());
        sending = DatagramOperation.sending(descriptor.handle());
    }

    /**
     * Opens a socket of a family and joins {@code groups}, a mask in which bit 0 is group 1; the
     * kernel chooses its port.
     *
     * @param family {@link #ROUTE}, {@link #KOBJECT_UEVENT}, or another {@code NETLINK_} number
     * @throws SystemCallException with {@code EPROTONOSUPPORT} if this kernel has no such family
     * @throws java.net.BindException if joining needs a privilege
     */
    public static NetlinkSocket open(int family, int groups) throws IOException {
        var type = new SocketType(SysSocket.AF_NETLINK, SysSocket.SOCK_RAW, family);
        Fd fd = Sockets.open(type, Kind.OTHER_SOCKET, "netlink " + family);
        try {
            MemorySegment address = Arena.ofAuto().allocate(Netlink.ADDRESS_SIZE, 8);
            encode(address.address(), ANY_PORT, groups);
            Sockets.bind(fd, address);
            return new NetlinkSocket(fd);
        } catch (IOException | RuntimeException e) {
            fd.close();
            throw e;
        }
    }

    /** Joins one more group, by its number from 1; those above 32 are only reached this way. */
    public void join(int group) throws IOException {
        Sockets.set(fd, JOIN, group);
    }

    /** Leaves a group. */
    public void leave(int group) throws IOException {
        Sockets.set(fd, LEAVE, group);
    }

    private static NetOption<Integer> membership(String name, int number) {
        return NetOption.integer(name, Netlink.SOL_NETLINK, number);
    }

    /**
     * Makes room in the kernel for {@code bytes} of messages that nobody has received yet, beyond
     * the system's limit where the process may.
     */
    public void receiveBuffer(int bytes) throws IOException {
        try {
            Sockets.set(fd, RECEIVE_BUFFER_FORCED, bytes);
        } catch (SystemCallException e) {
            if (!e.errno().equals(Errno.EPERM.name())) {
                throw e;
            }
            Sockets.set(fd, NetOption.RECEIVE_BUFFER, bytes);
        }
    }

    /**
     * What was received.
     *
     * @param port the sender's port, 0 if it is the kernel
     * @param groups the group it was sent to, as a mask; 0 if to this socket alone
     * @param length how many bytes were put into the buffer
     * @param truncated whether it was longer than the buffer; the rest is lost
     */
    public record Datagram(int port, int groups, int length, boolean truncated) {
        /** Whether the kernel sent it, and no other process. */
        public boolean fromKernel() {
            return port == KERNEL;
        }
    }

    /**
     * Waits for the next datagram and puts it into the buffer's remaining room. Parks.
     *
     * @throws OverrunException if the kernel had to drop messages since the last call
     */
    public Datagram receive(ByteBuffer target) throws IOException {
        descriptor.enter(Direction.READ);
        try {
            return receiveInTurn(target);
        } finally {
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

    /** Takes a datagram that is there; empty if none is, or another fiber is receiving. */
    public Optional<Datagram> tryReceive(ByteBuffer target) throws IOException {
        if (!descriptor.tryEnter(Direction.READ)) {
            return Optional.empty();
        }
        try {
            return tryReceiveInTurn(target);
        } finally {
            descriptor.leave(Direction.READ);
        }
    }

    /** For whoever has the reader's turn. */
    Datagram receiveInTurn(ByteBuffer target) throws IOException {
        DatagramOperation operation = prepared(target);
        try {
            return received(target, descriptor.perform(operation));
        } catch (SystemCallException e) {
            throw overrunOr(e);
        } finally {
            operation.letGo();
        }
    }

    /** For whoever has the reader's turn. */
    Optional<Datagram> tryReceiveInTurn(ByteBuffer target) throws IOException {
        DatagramOperation operation = prepared(target);
        try {
            long result = descriptor.attempt(operation);
            return Errno.EAGAIN.is(result)
                    ? Optional.empty()
                    : Optional.of(received(target, descriptor.check(operation, result)));
        } catch (SystemCallException e) {
            throw overrunOr(e);
        } finally {
            operation.letGo();
        }
    }

    private DatagramOperation prepared(ByteBuffer target) {
        if (target.isReadOnly()) {
            throw new IllegalArgumentException("cannot receive into a read-only buffer: " + target);
        }
        return receiving.with(target, DatagramOperation.NAME_CAPACITY);
    }

    private Datagram received(ByteBuffer target, long result) {
        boolean truncated = result >= DatagramOperation.TRUNCATED;
        int length = (int) (truncated ? result - DatagramOperation.TRUNCATED : result);
        receiving.unstage(length);
        target.position(target.position() + length);
        long sender = receiving.name();
        return new Datagram(
                Memory.getInt(sender + Netlink.ADDRESS_PORT),
                Memory.getInt(sender + Netlink.ADDRESS_GROUPS),
                length,
                truncated);
    }

    private IOException overrunOr(SystemCallException e) {
        return e.errno().equals(Errno.ENOBUFS.name()) ? new OverrunException(toString(), e) : e;
    }

    /** Sends what remains in the buffer to the kernel, as one datagram. */
    public void send(ByteBuffer source) throws IOException {
        send(source, KERNEL, 0);
    }

    /** Sends what remains in the buffer to a port, and to groups if their mask is not 0. */
    public void send(ByteBuffer source, int port, int groups) throws IOException {
        descriptor.enter(Direction.WRITE);
        try {
            encode(sending.name(), port, groups);
            int length = (int) descriptor.perform(sending.with(source, Netlink.ADDRESS_SIZE));
            source.position(source.position() + length);
        } finally {
            sending.letGo();
            descriptor.leave(Direction.WRITE);
        }
    }

    private static void encode(long address, int port, int groups) {
        MemorySegment sockaddr = Memory.at(address, Netlink.ADDRESS_SIZE).fill((byte) 0);
        sockaddr.set(ValueLayout.JAVA_SHORT, 0, (short) SysSocket.AF_NETLINK);
        sockaddr.set(ValueLayout.JAVA_INT, Netlink.ADDRESS_PORT, port);
        sockaddr.set(ValueLayout.JAVA_INT, Netlink.ADDRESS_GROUPS, groups);
    }

    /** This socket's own port: where others reach it. */
    public int port() throws IOException {
        return Sockets.localAddress(
                fd, (address, length) -> Memory.getInt(address + Netlink.ADDRESS_PORT));
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
