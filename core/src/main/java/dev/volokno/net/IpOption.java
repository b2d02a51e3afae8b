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

    private IpOption() {}
}
