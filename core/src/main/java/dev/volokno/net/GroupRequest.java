package dev.volokno.net;

import dev.volokno.fd.Fd;
import dev.volokno.linux.NetinetIn;
import dev.volokno.linux.SysSocket;
import dev.volokno.linux.SysSocket.SocketOption;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import org.jspecify.annotations.Nullable;

/** {@code struct group_req} and {@code struct group_source_req}: who is in which group, where. */
final class GroupRequest {
    private GroupRequest() {}

    static void join(Fd fd, InetAddress group, NetworkInterface on, @Nullable InetAddress source)
            throws IOException {
        set(
                fd,
                source == null ? NetinetIn.MCAST_JOIN_GROUP : NetinetIn.MCAST_JOIN_SOURCE_GROUP,
                encode(group, on, source));
    }

    static void leave(Fd fd, InetAddress group, NetworkInterface on, @Nullable InetAddress source)
            throws IOException {
        set(
                fd,
                source == null ? NetinetIn.MCAST_LEAVE_GROUP : NetinetIn.MCAST_LEAVE_SOURCE_GROUP,
                encode(group, on, source));
    }

    /** {@code request} holds the group's family. */
    private static void set(Fd fd, int option, MemorySegment request) throws IOException {
        short family = request.get(ValueLayout.JAVA_SHORT, NetinetIn.GROUP_ADDRESS);
        int level = family == SysSocket.AF_INET ? NetinetIn.IPPROTO_IP : NetinetIn.IPPROTO_IPV6;
        Sockets.set(fd, new SocketOption(level, option), request);
    }

    private static MemorySegment encode(
            InetAddress group, NetworkInterface on, @Nullable InetAddress source) {
        if (!group.isMulticastAddress()) {
            throw new IllegalArgumentException("not the address of a group: " + group);
        }
        int family = group instanceof Inet4Address ? SysSocket.AF_INET : SysSocket.AF_INET6;
        int size = source == null ? NetinetIn.GROUP_SIZE : NetinetIn.GROUP_SOURCE_SIZE;
        MemorySegment request = Arena.ofAuto().allocate(size, 8);
        request.set(ValueLayout.JAVA_INT, 0, on.getIndex());
        SocketAddresses.encode(request.asSlice(NetinetIn.GROUP_ADDRESS), group, 0, family);
        if (source != null) {
            SocketAddresses.encode(request.asSlice(NetinetIn.GROUP_SOURCE), source, 0, family);
        }
        return request;
    }

    /** The interface by which datagrams to groups leave. */
    static void interfaceOf(Fd fd, NetworkInterface on) throws IOException {
        if (Sockets.family(fd) == SysSocket.AF_INET6) {
            MemorySegment index = Arena.ofAuto().allocateFrom(ValueLayout.JAVA_INT, on.getIndex());
            Sockets.set(
                    fd,
                    new SocketOption(NetinetIn.IPPROTO_IPV6, NetinetIn.IPV6_MULTICAST_IF),
                    index);
        }
        MemorySegment request = Arena.ofAuto().allocate(NetinetIn.MREQN_SIZE, 4);
        request.set(ValueLayout.JAVA_INT, NetinetIn.MREQN_INDEX, on.getIndex());
        Sockets.set(fd, new SocketOption(NetinetIn.IPPROTO_IP, NetinetIn.IP_MULTICAST_IF), request);
    }
}
