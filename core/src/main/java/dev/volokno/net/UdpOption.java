package dev.volokno.net;

import dev.volokno.linux.NetinetIn;
import dev.volokno.linux.NetinetUdp;

/** Options of UDP sockets (udp(7)). */
public final class UdpOption {
    /**
     * How many bytes each datagram gets of what is sent by one call, which the kernel or the
     * network device cuts up (GSO); the last one gets the rest. 0, the default, cuts nothing.
     */
    public static final NetOption<Integer> SEGMENT =
            NetOption.integer("UDP_SEGMENT", NetinetIn.IPPROTO_UDP, NetinetUdp.UDP_SEGMENT);

    /**
     * Whether datagrams of one sender and one length may come joined (GRO), as many as fit into 64
     * KiB: {@link UdpSocket.Arrival#segment} tells where to cut.
     */
    public static final NetOption<Boolean> COALESCE =
            NetOption.bool("UDP_GRO", NetinetIn.IPPROTO_UDP, NetinetUdp.UDP_GRO);

    private UdpOption() {}
}
