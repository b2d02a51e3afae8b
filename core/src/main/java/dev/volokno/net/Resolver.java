package dev.volokno.net;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.StandardProtocolFamily;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;

/**
 * Finds the addresses of names. The one of the {@linkplain #system system} does what every other
 * program here does; another one, such as one over a DNS library, can be written and given to
 * {@link TcpSocket#connect(String, int, Resolver)}.
 *
 * <p>Nothing in this library looks a name up that it was not asked for, and no address is ever
 * looked up for its name unless by {@link #nameOf}.
 */
@FunctionalInterface
public interface Resolver {
    /**
     * The system's: getaddrinfo(3), which respects {@code /etc/hosts} and {@code nsswitch.conf}. It
     * runs on threads of its own, at most 32, and at most 256 look-ups wait for one; a caller who
     * is cancelled or out of time leaves at once, whatever the name server does.
     */
    static Resolver system() {
        return SystemResolver.INSTANCE;
    }

    /**
     * All addresses of {@code name}, in the order in which they should be tried. Parks, and is
     * cancellable.
     *
     * @throws UnknownHostException if there is none; from the system's, a {@link LookupException}
     */
    List<InetAddress> resolve(String name) throws IOException;

    /**
     * The addresses of one family. Parks, and is cancellable.
     *
     * @throws UnknownHostException if there is none
     */
    default List<InetAddress> resolve(String name, StandardProtocolFamily family)
            throws IOException {
        boolean v6 = family == StandardProtocolFamily.INET6;
        List<InetAddress> found =
                resolve(name).stream().filter(one -> one instanceof Inet6Address == v6).toList();
        if (found.isEmpty()) {
            throw new UnknownHostException(name + ": no address of the family " + family);
        }
        return found;
    }

    /**
     * Whether it has the addresses of one family earlier if it is asked for that family alone. A
     * connection is then begun before the other family is known (RFC 8305).
     */
    default boolean asksPerFamily() {
        return false;
    }

    /**
     * The name of an address. Parks, and is cancellable. Whoever has the address may tell any name:
     * it proves nothing.
     *
     * @throws UnknownHostException if it has none; from the system's, a {@link LookupException}
     * @throws UnsupportedOperationException if this resolver cannot tell
     */
    default String nameOf(InetAddress address) throws IOException {
        throw new UnsupportedOperationException(this + " looks up no names of " + address);
    }

    /**
     * The address that {@code text} is in numbers, with or without brackets and a scope; empty if
     * it is a name. Nothing is looked up.
     */
    static Optional<InetAddress> numeric(String text) {
        boolean bracketed = text.startsWith("[") && text.endsWith("]");
        boolean possible = !text.isEmpty() && Character.digit(text.charAt(0), 10) >= 0;
        if (!possible && text.indexOf(':') < 0) {
            return Optional.empty();
        }
        try {
            String inner = bracketed ? text.substring(1, text.length() - 1) : text;
            return Optional.of(InetAddress.ofLiteral(inner));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
