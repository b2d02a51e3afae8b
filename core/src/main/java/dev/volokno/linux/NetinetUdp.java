package dev.volokno.linux;

/** {@code <netinet/udp.h>}: options of udp(7). */
public final class NetinetUdp {
    public static final int UDP_SEGMENT = 103;
    public static final int UDP_GRO = 104;

    private NetinetUdp() {}
}
