package dev.volokno.net;

import dev.volokno.linux.ErrQueue;
import dev.volokno.linux.Memory;
import dev.volokno.linux.NetinetIn;
import dev.volokno.linux.NetinetUdp;
import dev.volokno.linux.SysSocket;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What comes and goes beside a datagram (cmsg(3)). */
final class ControlMessages {
    // struct cmsghdr of 64-bit Linux.
    private static final int LEVEL = 8;
    private static final int TYPE = 12;
    private static final int DATA = 16;
    private static final int ALIGNMENT = 8;

    private @Nullable InetAddress destination;
    private int index;
    private @Nullable Instant time;
    private int segment;

    private ControlMessages() {}

    /** Reads {@code length} bytes at {@code address}. */
    static UdpSocket.Arrival read(long address, int length) {
        if (length < DATA) {
            return UdpSocket.Arrival.UNKNOWN;
        }
        var messages = new ControlMessages();
        long end = address + length;
        for (long one = address; one + DATA <= end; one += sizeOf(one)) {
            messages.take(one);
        }
        return new UdpSocket.Arrival(
                Optional.ofNullable(messages.destination),
                messages.index,
                Optional.ofNullable(messages.time),
                messages.segment);
    }

    private static long sizeOf(long message) {
        long length = Math.max(Memory.getLong(message), DATA);
        return (length + ALIGNMENT - 1) & -ALIGNMENT;
    }

    private void take(long message) {
        long data = message + DATA;
        int type = Memory.getInt(message + TYPE);
        switch (Memory.getInt(message + LEVEL)) {
            case SysSocket.SOL_SOCKET -> {
                if (type == SysSocket.SO_TIMESTAMPNS) {
                    time = Instant.ofEpochSecond(Memory.getLong(data), Memory.getLong(data + 8));
                }
            }
            case NetinetIn.IPPROTO_IP -> {
                if (type == NetinetIn.IP_PKTINFO) {
                    index = Memory.getInt(data);
                    destination = address(data + NetinetIn.PKTINFO_DESTINATION, 4);
                }
            }
            case NetinetIn.IPPROTO_IPV6 -> {
                if (type == NetinetIn.IPV6_PKTINFO && destination == null) {
                    index = Memory.getInt(data + NetinetIn.PKTINFO6_INDEX);
                    destination = address(data, 16);
                }
            }
            case NetinetIn.IPPROTO_UDP -> {
                if (type == NetinetUdp.UDP_GRO) {
                    segment = Memory.getInt(data);
                }
            }
            default -> {}
        }
    }

    private static InetAddress address(long address, int length) {
        try {
            return InetAddress.getByAddress(
                    Memory.at(address, length).toArray(ValueLayout.JAVA_BYTE));
        } catch (UnknownHostException impossible) {
            throw new AssertionError(impossible);
        }
    }

    /**
     * Writes one that has a datagram leave from {@code source} by an interface: how many bytes it
     * has.
     */
    static int writeSource(long address, InetAddress source, int interfaceIndex) {
        boolean v6 = source instanceof Inet6Address;
        int size = v6 ? NetinetIn.PKTINFO6_SIZE : NetinetIn.PKTINFO_SIZE;
        int room = (DATA + size + ALIGNMENT - 1) & -ALIGNMENT;
        MemorySegment message = Memory.at(address, room).fill((byte) 0);
        message.set(ValueLayout.JAVA_LONG_UNALIGNED, 0, (long) DATA + size);
        message.set(
                ValueLayout.JAVA_INT_UNALIGNED,
                LEVEL,
                v6 ? NetinetIn.IPPROTO_IPV6 : NetinetIn.IPPROTO_IP);
        message.set(
                ValueLayout.JAVA_INT_UNALIGNED,
                TYPE,
                v6 ? NetinetIn.IPV6_PKTINFO : NetinetIn.IP_PKTINFO);
        byte[] bytes = source.getAddress();
        int at = DATA + (v6 ? 0 : NetinetIn.PKTINFO_LOCAL);
        MemorySegment.copy(bytes, 0, message, ValueLayout.JAVA_BYTE, at, bytes.length);
        int indexAt = DATA + (v6 ? NetinetIn.PKTINFO6_INDEX : 0);
        message.set(ValueLayout.JAVA_INT_UNALIGNED, indexAt, interfaceIndex);
        return room;
    }

    /** The {@code struct sock_extended_err} among {@code length} bytes; 0 if there is none. */
    static long findError(long address, int length) {
        long end = address + length;
        for (long one = address; one + DATA + ErrQueue.OFFENDER <= end; one += sizeOf(one)) {
            int level = Memory.getInt(one + LEVEL);
            int type = Memory.getInt(one + TYPE);
            boolean v4 = level == NetinetIn.IPPROTO_IP && type == NetinetIn.IP_RECVERR;
            boolean v6 = level == NetinetIn.IPPROTO_IPV6 && type == NetinetIn.IPV6_RECVERR;
            if (v4 || v6) {
                return one + DATA;
            }
        }
        return 0;
    }

    /** Who told of an error, by ICMP. */
    static Optional<InetAddress> teller(long error) {
        int origin = Byte.toUnsignedInt(Memory.getByte(error + ErrQueue.ORIGIN));
        boolean remote =
                origin == ErrQueue.SO_EE_ORIGIN_ICMP || origin == ErrQueue.SO_EE_ORIGIN_ICMP6;
        int family = Memory.getShort(error + ErrQueue.OFFENDER);
        boolean named = family == SysSocket.AF_INET || family == SysSocket.AF_INET6;
        return remote && named
                ? Optional.of(SocketAddresses.decode(error + ErrQueue.OFFENDER).getAddress())
                : Optional.empty();
    }

    static UndeliveredException.Icmp icmp(long error) {
        return new UndeliveredException.Icmp(
                Byte.toUnsignedInt(Memory.getByte(error + ErrQueue.TYPE)),
                Byte.toUnsignedInt(Memory.getByte(error + ErrQueue.CODE)),
                Memory.getInt(error + ErrQueue.INFO));
    }
}
