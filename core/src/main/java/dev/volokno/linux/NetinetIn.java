package dev.volokno.linux;

/** {@code <netinet/in.h>}: protocols, and options of ip(7) and ipv6(7). */
public final class NetinetIn {
    public static final int IPPROTO_IP = 0;
    public static final int IPPROTO_TCP = 6;
    public static final int IPPROTO_UDP = 17;
    public static final int IPPROTO_IPV6 = 41;
    public static final int IPPROTO_MPTCP = 262;

    public static final int IP_TOS = 1;
    public static final int IP_TTL = 2;
    public static final int IP_PKTINFO = 8;
    public static final int IP_MTU_DISCOVER = 10;
    public static final int IP_RECVERR = 11;
    public static final int IP_MTU = 14;
    public static final int IP_FREEBIND = 15;
    public static final int IP_TRANSPARENT = 19;
    public static final int IP_BIND_ADDRESS_NO_PORT = 24;
    public static final int IP_MULTICAST_IF = 32;
    public static final int IP_MULTICAST_TTL = 33;
    public static final int IP_MULTICAST_LOOP = 34;
    public static final int IP_MULTICAST_ALL = 49;

    public static final int MCAST_JOIN_GROUP = 42;
    public static final int MCAST_LEAVE_GROUP = 45;
    public static final int MCAST_JOIN_SOURCE_GROUP = 46;
    public static final int MCAST_LEAVE_SOURCE_GROUP = 47;

    public static final int IPV6_UNICAST_HOPS = 16;
    public static final int IPV6_MULTICAST_IF = 17;
    public static final int IPV6_MULTICAST_HOPS = 18;
    public static final int IPV6_MULTICAST_LOOP = 19;
    public static final int IPV6_MTU_DISCOVER = 23;
    public static final int IPV6_MTU = 24;
    public static final int IPV6_RECVERR = 25;
    public static final int IPV6_V6ONLY = 26;
    public static final int IPV6_MULTICAST_ALL = 29;
    public static final int IPV6_RECVPKTINFO = 49;
    public static final int IPV6_PKTINFO = 50;
    public static final int IPV6_TCLASS = 67;
    public static final int IPV6_TRANSPARENT = 75;
    public static final int IPV6_FREEBIND = 78;

    // struct group_req and struct group_source_req
    public static final int GROUP_ADDRESS = 8;
    public static final int GROUP_SIZE = 136;
    public static final int GROUP_SOURCE = 136;
    public static final int GROUP_SOURCE_SIZE = 264;

    // struct ip_mreqn
    public static final int MREQN_INDEX = 8;
    public static final int MREQN_SIZE = 12;

    // struct in_pktinfo and struct in6_pktinfo
    public static final int PKTINFO_LOCAL = 4;
    public static final int PKTINFO_DESTINATION = 8;
    public static final int PKTINFO_SIZE = 12;
    public static final int PKTINFO6_INDEX = 16;
    public static final int PKTINFO6_SIZE = 20;

    private NetinetIn() {}
}
