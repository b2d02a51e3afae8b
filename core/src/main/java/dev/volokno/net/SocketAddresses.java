package dev.volokno.net;

import dev.volokno.linux.Memory;
import dev.volokno.linux.SysSocket;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteOrder;

/** {@code struct sockaddr_in} and {@code struct sockaddr_in6} (ip(7), ipv6(7)). */
final class SocketAddresses {
    private static final ValueLayout.OfShort PORT =
            ValueLayout.JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN);
    private static final int IN_ADDRESS = 4;
    private static final int IN_SIZE = 16;
    private static final int IN6_ADDRESS = 8;
    private static final int IN6_SCOPE = 24;
    private static final int IN6_SIZE = 28;
    private static final int MAPPED_PREFIX = 12;

    private SocketAddresses() {}

    static int lengthOf(int family) {
        return family == SysSocket.AF_INET ? IN_SIZE : IN6_SIZE;
    }

    static int familyOf(InetSocketAddress address) {
        return resolved(address) instanceof Inet4Address ? SysSocket.AF_INET : SysSocket.AF_INET6;
    }

    /**
     * The structure for a socket of {@code family}, in memory that lives as long as it is
     * reachable.
     */
    static MemorySegment encode(InetSocketAddress address, int family) {
        InetAddress host = resolved(address);
        int size = family == SysSocket.AF_INET ? IN_SIZE : IN6_SIZE;
        MemorySegment sockaddr = Arena.ofAuto().allocate(size, 8);
        encode(sockaddr, host, address.getPort(), family);
        return sockaddr;
    }

    /** Writes the structure to {@code sockaddr}: its length. */
    static int encode(MemorySegment sockaddr, InetAddress host, int port, int family) {
        sockaddr.set(ValueLayout.JAVA_SHORT, 0, (short) family);
        sockaddr.set(PORT, 2, (short) port);
        byte[] bytes = host.getAddress();
        if (family == SysSocket.AF_INET) {
            if (bytes.length != 4) {
                throw new IllegalArgumentException("an IPv4 socket cannot reach " + host);
            }
            MemorySegment.copy(bytes, 0, sockaddr, ValueLayout.JAVA_BYTE, IN_ADDRESS, 4);
            return IN_SIZE;
        }
        sockaddr.asSlice(4, IN6_SIZE - 4).fill((byte) 0);
        if (bytes.length == 4) {
            sockaddr.set(ValueLayout.JAVA_SHORT, IN6_ADDRESS + 10, (short) -1);
            MemorySegment.copy(
                    bytes, 0, sockaddr, ValueLayout.JAVA_BYTE, IN6_ADDRESS + MAPPED_PREFIX, 4);
        } else {
            MemorySegment.copy(bytes, 0, sockaddr, ValueLayout.JAVA_BYTE, IN6_ADDRESS, 16);
            int scope = ((Inet6Address) host).getScopeId();
            sockaddr.set(ValueLayout.JAVA_INT, IN6_SCOPE, scope);
        }
        return IN6_SIZE;
    }

    static InetAddress resolved(InetSocketAddress address) {
        InetAddress host = address.getAddress();
        if (host == null) {
            throw new IllegalArgumentException("not resolved: " + address);
        }
        return host;
    }

    /** Reads the structure at an address. */
    static InetSocketAddress decode(long sockaddr) {
        int family = Memory.getShort(sockaddr);
        int port = Short.toUnsignedInt(Short.reverseBytes(Memory.getShort(sockaddr + 2)));
        try {
            return new InetSocketAddress(
                    family == SysSocket.AF_INET ? v4(sockaddr) : v6(sockaddr), port);
        } catch (UnknownHostException impossible) {
            throw new AssertionError(impossible);
        }
    }

    /** What the fields of a {@code struct sockaddr_in} mean. */
    static InetSocketAddress v4(int host, short port) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment sockaddr = arena.allocate(IN_SIZE, 8);
            sockaddr.set(ValueLayout.JAVA_SHORT, 0, (short) SysSocket.AF_INET);
            sockaddr.set(ValueLayout.JAVA_SHORT, 2, port);
            sockaddr.set(ValueLayout.JAVA_INT, IN_ADDRESS, host);
            return decode(sockaddr.address());
        }
    }

    private static InetAddress v4(long sockaddr) throws UnknownHostException {
        return InetAddress.getByAddress(bytes(sockaddr + IN_ADDRESS, 4));
    }

    /** A mapped IPv4 address comes out as an {@link Inet4Address}. */
    private static InetAddress v6(long sockaddr) throws UnknownHostException {
        byte[] bytes = bytes(sockaddr + IN6_ADDRESS, 16);
        int scope = Memory.getInt(sockaddr + IN6_SCOPE);
        return scope == 0
                ? InetAddress.getByAddress(bytes)
                : Inet6Address.getByAddress(null, bytes, scope);
    }

    /** An address in numbers, as people write it. */
    static String text(InetSocketAddress address) {
        String host = address.getAddress().getHostAddress();
        return (host.indexOf(':') < 0 ? host : '[' + host + ']') + ":" + address.getPort();
    }

    private static byte[] bytes(long address, int count) {
        return Memory.at(address, count).toArray(ValueLayout.JAVA_BYTE);
    }
}
