package dev.volokno.net;

import dev.volokno.linux.NetinetIn;

/** Options of sockets of the Internet (ip(7), ipv6(7)), for both families. */
public final class IpOption {
    /** How many routers what is sent may pass. */
    public static final NetOption<Integer> HOPS =
            NetOption.integer("IP_TTL", NetinetIn.IPPROTO_IP, NetinetIn.IP_TTL)
                    .onV6(NetinetIn.IPPROTO_IPV6, NetinetIn.IPV6_UNICAST_HOPS);

    /** Type of service, or traffic class, of what is sent: eight bits. */
    public static final NetOption<Integer> TRAFFIC_CLASS =
            NetOption.integer("IP_TOS", NetinetIn.IPPROTO_IP, NetinetIn.IP_TOS)
                    .onV6(NetinetIn.IPPROTO_IPV6, NetinetIn.IPV6_TCLASS);

    /**
     * Whether addresses of others may be bound, as a transparent proxy does; needs {@code
     * CAP_NET_ADMIN}.
     */
    public static final NetOption<Boolean> TRANSPARENT =
            NetOption.bool("IP_TRANSPARENT", NetinetIn.IPPROTO_IP, NetinetIn.IP_TRANSPARENT)
                    .onV6(NetinetIn.IPPROTO_IPV6, NetinetIn.IPV6_TRANSPARENT);

    /** Whether an address may be bound that this machine does not have yet. */
    public static final NetOption<Boolean> FREE_BIND =
            NetOption.bool("IP_FREEBIND", NetinetIn.IPPROTO_IP, NetinetIn.IP_FREEBIND)
                    .onV6(NetinetIn.IPPROTO_IPV6, NetinetIn.IPV6_FREEBIND);

    /** Whether an IPv6 socket leaves IPv4 alone; ours do not, unless told to. */
    public static final NetOption<Boolean> V6_ONLY =
            NetOption.bool("IPV6_V6ONLY", NetinetIn.IPPROTO_IPV6, NetinetIn.IPV6_V6ONLY);

    /**
     * How many routers a datagram to a group may pass; 1, the default, keeps it on this network.
     */
    public static final NetOption<Integer> MULTICAST_HOPS =
            NetOption.integer("IP_MULTICAST_TTL", NetinetIn.IPPROTO_IP, NetinetIn.IP_MULTICAST_TTL)
                    .onV6(NetinetIn.IPPROTO_IPV6, NetinetIn.IPV6_MULTICAST_HOPS);

    /** Whether this machine's members of a group get what the socket sends to it; they do. */
    public static final NetOption<Boolean> MULTICAST_LOOP =
            NetOption.bool("IP_MULTICAST_LOOP", NetinetIn.IPPROTO_IP, NetinetIn.IP_MULTICAST_LOOP)
                    .onV6(NetinetIn.IPPROTO_IPV6, NetinetIn.IPV6_MULTICAST_LOOP);

    /**
     * Whether a socket that is bound to any address gets what is sent to groups that only others of
     * this machine have joined; {@link UdpSocket#join} switches that off.
     */
    public static final NetOption<Boolean> MULTICAST_ALL =
            NetOption.bool("IP_MULTICAST_ALL", NetinetIn.IPPROTO_IP, NetinetIn.IP_MULTICAST_ALL)
                    .onV6(NetinetIn.IPPROTO_IPV6, NetinetIn.IPV6_MULTICAST_ALL);

    /**
     * Whether a datagram tells which address it was sent to and where it came in: {@link
     * UdpSocket.Arrival#destination}.
     */
    public static final NetOption<Boolean> PACKET_INFO =
            NetOption.bool("IP_PKTINFO", NetinetIn.IPPROTO_IP, NetinetIn.IP_PKTINFO)
                    .onV6(NetinetIn.IPPROTO_IPV6, NetinetIn.IPV6_RECVPKTINFO);

    /**
     * Whether datagrams may be cut into fragments: 0, they may; 1, the default of most systems, so
     * long as none is longer than the path is known to take; 2, they may not, and one that is
     * longer is {@code EMSGSIZE}.
     */
    public static final NetOption<Integer> MTU_DISCOVERY =
            NetOption.integer("IP_MTU_DISCOVER", NetinetIn.IPPROTO_IP, NetinetIn.IP_MTU_DISCOVER)
                    .onV6(NetinetIn.IPPROTO_IPV6, NetinetIn.IPV6_MTU_DISCOVER);

    /** How long a packet the path to the peer of a connected socket takes; can only be read. */
    public static final NetOption<Integer> PATH_MTU =
            NetOption.integer("IP_MTU", NetinetIn.IPPROTO_IP, NetinetIn.IP_MTU)
                    .onV6(NetinetIn.IPPROTO_IPV6, NetinetIn.IPV6_MTU);

    static final NetOption<Boolean> RECEIVE_ERRORS =
            NetOption.bool("IP_RECVERR", NetinetIn.IPPROTO_IP, NetinetIn.IP_RECVERR)
                    .onV6(NetinetIn.IPPROTO_IPV6, NetinetIn.IPV6_RECVERR);

    private IpOption() {}
}
