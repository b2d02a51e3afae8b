package dev.volokno.net;

import static dev.volokno.linux.NetinetIn.IPPROTO_TCP;

import dev.volokno.linux.NetinetTcp;
import java.time.Duration;

/**
 * Options of TCP sockets (tcp(7)). A listener's are inherited by the connections that it accepts.
 */
public final class TcpOption {
    /** Whether small writes go out at once; they do unless told otherwise. */
    public static final NetOption<Boolean> NO_DELAY =
            NetOption.bool("TCP_NODELAY", IPPROTO_TCP, NetinetTcp.TCP_NODELAY);

    /** Whether partial segments are held back until this is taken back, for 200 ms at most. */
    public static final NetOption<Boolean> CORK =
            NetOption.bool("TCP_CORK", IPPROTO_TCP, NetinetTcp.TCP_CORK);

    /** Whether what arrives is acknowledged at once; the kernel changes it by itself later. */
    public static final NetOption<Boolean> QUICK_ACK =
            NetOption.bool("TCP_QUICKACK", IPPROTO_TCP, NetinetTcp.TCP_QUICKACK);

    /** After which idleness {@link NetOption#KEEP_ALIVE} begins to probe; whole seconds. */
    public static final NetOption<Duration> KEEP_ALIVE_IDLE =
            NetOption.seconds("TCP_KEEPIDLE", IPPROTO_TCP, NetinetTcp.TCP_KEEPIDLE);

    /** The time between two probes; whole seconds. */
    public static final NetOption<Duration> KEEP_ALIVE_INTERVAL =
            NetOption.seconds("TCP_KEEPINTVL", IPPROTO_TCP, NetinetTcp.TCP_KEEPINTVL);

    /** After how many probes without an answer the connection is given up. */
    public static final NetOption<Integer> KEEP_ALIVE_PROBES =
            NetOption.integer("TCP_KEEPCNT", IPPROTO_TCP, NetinetTcp.TCP_KEEPCNT);

    /** How long output may stay unacknowledged until the connection is given up; 0 for default. */
    public static final NetOption<Duration> USER_TIMEOUT =
            NetOption.millis("TCP_USER_TIMEOUT", IPPROTO_TCP, NetinetTcp.TCP_USER_TIMEOUT);

    /** The name of the congestion control, such as {@code cubic}. */
    public static final NetOption<String> CONGESTION =
            NetOption.text("TCP_CONGESTION", IPPROTO_TCP, NetinetTcp.TCP_CONGESTION);

    /** The largest segment that is sent. */
    public static final NetOption<Integer> MAX_SEGMENT =
            NetOption.integer("TCP_MAXSEG", IPPROTO_TCP, NetinetTcp.TCP_MAXSEG);

    /** How much unsent output makes the socket count as full. */
    public static final NetOption<Integer> UNSENT_LOW_WATER =
            NetOption.integer("TCP_NOTSENT_LOWAT", IPPROTO_TCP, NetinetTcp.TCP_NOTSENT_LOWAT);

    /**
     * Of a listener: a connection is accepted when its first bytes are there, or at the latest
     * after about this time. The kernel rounds to its own steps.
     */
    public static final NetOption<Duration> DEFER_ACCEPT =
            NetOption.seconds("TCP_DEFER_ACCEPT", IPPROTO_TCP, NetinetTcp.TCP_DEFER_ACCEPT);

    /** Of a listener: how many connections may bring data with their first packet. */
    public static final NetOption<Integer> FAST_OPEN =
            NetOption.integer("TCP_FASTOPEN", IPPROTO_TCP, NetinetTcp.TCP_FASTOPEN);

    /**
     * Of a client: the first write goes with the first packet, if the server is known to take that.
     * Connecting returns at once then, and a refusal shows at the first write or read.
     */
    public static final NetOption<Boolean> FAST_OPEN_CONNECT =
            NetOption.bool("TCP_FASTOPEN_CONNECT", IPPROTO_TCP, NetinetTcp.TCP_FASTOPEN_CONNECT);

    private TcpOption() {}
}
