package dev.volokno.net;

import dev.volokno.SystemCallException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * A datagram that was sent before did not arrive, and a router or its destination said so by ICMP.
 * Whoever receives is told, once for each; the socket goes on.
 */
public final class UndeliveredException extends SystemCallException {
    private static final long serialVersionUID = 1L;

    /**
     * What the network said.
     *
     * @param type the type of ICMP, of ICMPv6 for an IPv6 destination
     * @param code its code
     * @param information the path's MTU where that is what it is about
     */
    public record Icmp(int type, int code, int information) {}

    private final InetSocketAddress destination;
    private final transient Optional<InetAddress> teller;
    private final transient Icmp icmp;

    UndeliveredException(
            SystemCallException cause,
            InetSocketAddress destination,
            Optional<InetAddress> teller,
            Icmp icmp) {
        super(
                cause.call(),
                cause.errno(),
                "a datagram to " + SocketAddresses.text(destination),
                teller.map(address -> "told by " + address.getHostAddress())
                        .orElse("told by this machine"));
        initCause(cause);
        this.destination = destination;
        this.teller = teller;
        this.icmp = icmp;
    }

    /** Where the datagram was sent to. */
    public InetSocketAddress destination() {
        return destination;
    }

    /** Who told: the destination's machine or a router; empty if it is this machine. */
    public Optional<InetAddress> teller() {
        return teller;
    }

    /** What was told. */
    public Icmp icmp() {
        return icmp;
    }
}
