package dev.volokno.cares;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.volokno.foreign.CString;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Whom a {@link CaresResolver} asks, and how. Immutable; the methods that begin with "with" give a
 * changed copy. What is not chosen here comes from {@code /etc/resolv.conf}, {@code
 * /etc/nsswitch.conf} and the environment ({@code LOCALDOMAIN}, {@code RES_OPTIONS}), as they are
 * when the resolver is opened; what is not there either is the library's choice.
 */
public final class CaresOptions {
    private static final int AT_ONCE = 100;
    private static final int SOON_MILLIS = 1000;
    private static final int UNSET = -1;

    private static final CaresOptions DEFAULTS =
            new CaresOptions(
                    List.of(),
                    Optional.empty(),
                    new Attempts(UNSET, UNSET),
                    new Search(Optional.empty(), UNSET, true),
                    AT_ONCE);

    private final List<InetSocketAddress> servers;
    private final Optional<String> file;
    private final Attempts attempts;
    private final Search search;
    private final int atOnce;

    private record Attempts(int timeoutMillis, int tries) {}

    private record Search(Optional<List<String>> domains, int dots, boolean hostsFile) {}

    private CaresOptions(
            List<InetSocketAddress> servers,
            Optional<String> file,
            Attempts attempts,
            Search search,
            int atOnce) {
        this.servers = servers;
        this.file = file;
        this.attempts = attempts;
        this.search = search;
        this.atOnce = atOnce;
    }

    /** What the system's files say; 100 look-ups at once. */
    public static CaresOptions defaults() {
        return DEFAULTS;
    }

    /**
     * Asks these, in this order; the port is 53 as a rule.
     *
     * @throws IllegalArgumentException if there is none, or one has no address
     */
    public CaresOptions withServers(InetSocketAddress... all) {
        for (InetSocketAddress server : all) {
            if (server.isUnresolved() || server.getPort() == 0) {
                throw new IllegalArgumentException("a name server without an address: " + server);
            }
        }
        if (all.length == 0) {
            throw new IllegalArgumentException("no name server");
        }
        return new CaresOptions(List.of(all), file, attempts, search, atOnce);
    }

    /** Reads this file instead of {@code /etc/resolv.conf}. */
    public CaresOptions withResolvConf(Path path) {
        return new CaresOptions(servers, Optional.of(path.toString()), attempts, search, atOnce);
    }

    /**
     * Waits so long for the first answer of each server; c-ares waits longer each time it has asked
     * all of them again (5 s, if nothing else says so).
     *
     * @throws IllegalArgumentException if less than a millisecond, or more than a day
     */
    public CaresOptions withTimeout(Duration timeout) {
        if (timeout.toMillis() < 1 || timeout.toDays() >= 1) {
            throw new IllegalArgumentException("a timeout of " + timeout);
        }
        return new CaresOptions(
                servers,
                file,
                new Attempts((int) timeout.toMillis(), attempts.tries),
                search,
                atOnce);
    }

    /**
     * Asks each server so often (4 times, if nothing else says so).
     *
     * @throws IllegalArgumentException if less than once
     */
    public CaresOptions withTries(int tries) {
        return new CaresOptions(
                servers,
                file,
                new Attempts(attempts.timeoutMillis, positive(tries, "tries")),
                search,
                atOnce);
    }

    /** Appends each of these to a name that is not found otherwise; none if there are none here. */
    public CaresOptions withDomains(String... domains) {
        return with(new Search(Optional.of(List.of(domains)), search.dots, search.hostsFile));
    }

    /**
     * Asks for a name with so many dots as it is before it appends a domain (1, if nothing else
     * says so).
     *
     * @throws IllegalArgumentException if negative
     */
    public CaresOptions withDots(int dots) {
        if (dots < 0) {
            throw new IllegalArgumentException("dots: " + dots);
        }
        return with(new Search(search.domains, dots, search.hostsFile));
    }

    /** Looks nothing up in {@code /etc/hosts}. */
    public CaresOptions withoutHostsFile() {
        return with(new Search(search.domains, search.dots, false));
    }

    private CaresOptions with(Search other) {
        return new CaresOptions(servers, file, attempts, other, atOnce);
    }

    /**
     * Has at most so many look-ups under way; others wait, first in, first out. More than a few
     * hundred questions at once are more than most servers' sockets take, and would be lost.
     *
     * @throws IllegalArgumentException if less than one
     */
    public CaresOptions withAtOnce(int most) {
        return new CaresOptions(servers, file, attempts, search, positive(most, "at once"));
    }

    private static int positive(int number, String what) {
        if (number < 1) {
            throw new IllegalArgumentException(what + ": " + number);
        }
        return number;
    }

    /** The same, to learn soon what a server says. */
    CaresOptions forOneAttempt() {
        boolean isShort = attempts.timeoutMillis != UNSET && attempts.timeoutMillis < SOON_MILLIS;
        int millis = isShort ? attempts.timeoutMillis : SOON_MILLIS;
        return new CaresOptions(servers, file, new Attempts(millis, 1), search, atOnce);
    }

    int atOnce() {
        return atOnce;
    }

    // ---- as the library wants it

    /** Opens a channel, which tells of its sockets by {@code callback}. */
    MemorySegment open(MemorySegment callback, int flags) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment options = arena.allocate(Ares.OPTIONS_SIZE, 8);
            options.set(ADDRESS, Ares.SOCK_STATE_CB, callback);
            options.set(JAVA_INT, Ares.FLAGS, flags);
            int mask =
                    Ares.OPT_SOCK_STATE_CB
                            | Ares.OPT_FLAGS
                            | writeNumbers(options)
                            | writeTexts(options, arena);
            MemorySegment pointer = arena.allocate(ADDRESS);
            check("ares_init_options", Ares.initOptions(pointer, options, mask));
            MemorySegment channel = pointer.get(ADDRESS, 0);
            if (!servers.isEmpty()) {
                int status = Ares.setServersPorts(channel, writeServers(arena));
                if (status != Status.SUCCESS) {
                    Ares.destroy(channel);
                }
                check("ares_set_servers_ports", status);
            }
            return channel;
        }
    }

    private static void check(String call, int status) throws IOException {
        if (status != Status.SUCCESS) {
            throw new IOException(call + ": " + Status.told(status));
        }
    }

    private int writeNumbers(MemorySegment options) {
        return write(options, Ares.TIMEOUT, attempts.timeoutMillis, Ares.OPT_TIMEOUTMS)
                | write(options, Ares.TRIES, attempts.tries, Ares.OPT_TRIES)
                | write(options, Ares.NDOTS, search.dots, Ares.OPT_NDOTS);
    }

    private static int write(MemorySegment options, int offset, int value, int bit) {
        if (value == UNSET) {
            return 0;
        }
        options.set(JAVA_INT, offset, value);
        return bit;
    }

    private int writeTexts(MemorySegment options, Arena arena) {
        int mask = 0;
        if (file.isPresent()) {
            options.set(ADDRESS, Ares.RESOLVCONF_PATH, CString.of(arena, file));
            mask |= Ares.OPT_RESOLVCONF;
        }
        if (search.domains.isPresent()) {
            List<String> domains = search.domains.get();
            MemorySegment array = arena.allocate(ADDRESS, Math.max(1, domains.size()));
            for (int i = 0; i < domains.size(); i++) {
                array.setAtIndex(ADDRESS, i, CString.of(arena, domains.get(i)));
            }
            options.set(ADDRESS, Ares.DOMAINS, array);
            options.set(JAVA_INT, Ares.NDOMAINS, domains.size());
            mask |= Ares.OPT_DOMAINS;
        }
        if (!search.hostsFile) {
            options.set(ADDRESS, Ares.LOOKUPS, CString.of(arena, "b"));
            mask |= Ares.OPT_LOOKUPS;
        }
        return mask;
    }

    private MemorySegment writeServers(Arena arena) {
        MemorySegment next = MemorySegment.NULL;
        for (InetSocketAddress server : servers.reversed()) {
            byte[] address = server.getAddress().getAddress();
            MemorySegment node = arena.allocate(Ares.SERVER_SIZE, 8);
            node.set(ADDRESS, Ares.SERVER_NEXT, next);
            node.set(
                    JAVA_INT,
                    Ares.SERVER_FAMILY,
                    address.length == 4 ? Ares.AF_INET : Ares.AF_INET6);
            node.asSlice(Ares.SERVER_ADDR, address.length).copyFrom(MemorySegment.ofArray(address));
            node.set(JAVA_INT, Ares.SERVER_UDP_PORT, server.getPort());
            node.set(JAVA_INT, Ares.SERVER_TCP_PORT, server.getPort());
            next = node;
        }
        return next;
    }

    /** Whom it asks, in words. */
    @Override
    public String toString() {
        return servers.isEmpty() ? file.orElse("the system's servers") : servers.toString();
    }
}
