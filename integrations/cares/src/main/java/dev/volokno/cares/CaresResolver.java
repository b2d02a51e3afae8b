package dev.volokno.cares;

import dev.volokno.CancelledException;
import dev.volokno.fiber.Fiber;
import dev.volokno.foreign.Driver;
import dev.volokno.net.LookupException;
import dev.volokno.net.Resolver;
import java.io.Closeable;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.StandardProtocolFamily;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Asks name servers by the C library c-ares, on the loop: a look-up costs no thread, and any number
 * of them can wait. {@code /etc/hosts}, search domains and the order of RFC 6724 count; nothing is
 * cached.
 *
 * <p>It belongs to the loop that opened it, and ends with it; fibers of other loops and any thread
 * may ask too. All look-ups park, and whoever is cancelled or out of time leaves at once: what was
 * asked for him is forgotten when the answer comes or nobody else waits for one.
 *
 * <p>A look-up without an answer throws a {@link LookupException} whose code is the library's name
 * for the error: {@code ARES_ENOTFOUND}, no such name; {@code ARES_ENODATA}, a name without such a
 * record; and as {@linkplain LookupException#isTemporary temporary} ones {@code ARES_ETIMEOUT}, no
 * server has answered, {@code ARES_ECONNREFUSED}, none could be reached, and {@code ARES_ESERVFAIL}
 * and {@code ARES_EREFUSED}, all have failed or refused.
 */
public final class CaresResolver implements Resolver, Closeable {
    private final CaresOptions options;
    private final Driver<AresChannel> driver;

    private CaresResolver(CaresOptions options, Driver<AresChannel> driver) {
        this.options = options;
        this.driver = driver;
    }

    /**
     * Opens one as the system is configured. Parks.
     *
     * @throws dev.volokno.foreign.LibraryMissingException if {@code libcares.so.2} is not installed
     * @throws IllegalStateException if no loop runs here
     */
    public static CaresResolver open() throws IOException {
        return open(CaresOptions.defaults());
    }

    /**
     * Opens one as {@code options} say. Parks.
     *
     * @throws dev.volokno.foreign.LibraryMissingException if {@code libcares.so.2} is not installed
     * @throws IllegalStateException if no loop runs here
     */
    public static CaresResolver open(CaresOptions options) throws IOException {
        Ares.load();
        return new CaresResolver(
                options,
                Driver.<AresChannel, IOException>start(
                        "c-ares at " + options,
                        (watch, upcalls) -> new AresChannel(options, watch, upcalls)));
    }

    @Override
    public List<InetAddress> resolve(String name) throws IOException {
        return resolve(name, Ares.AF_UNSPEC);
    }

    @Override
    public List<InetAddress> resolve(String name, StandardProtocolFamily family)
            throws IOException {
        return resolve(
                name,
                switch (family) {
                    case INET -> Ares.AF_INET;
                    case INET6 -> Ares.AF_INET6;
                    case UNIX -> throw new IllegalArgumentException("no names in " + family);
                });
    }

    private List<InetAddress> resolve(String name, int family) throws IOException {
        checkName(name);
        Optional<InetAddress> numeric = Resolver.numeric(name);
        if (numeric.isPresent()) {
            Fiber.checkpoint();
            int own = numeric.get() instanceof Inet6Address ? Ares.AF_INET6 : Ares.AF_INET;
            if (family != Ares.AF_UNSPEC && family != own) {
                throw new UnknownHostException(name + ": an address of the other family");
            }
            return List.of(numeric.get());
        }
        return ask(
                new Lookup<>(
                        name,
                        (channel, id) -> channel.askAddresses(name, family, id),
                        (info, _) -> Decoding.addresses(name, info)));
    }

    @Override
    public boolean asksPerFamily() {
        return true;
    }

    @Override
    public String nameOf(InetAddress address) throws IOException {
        byte[] bytes = address.getAddress();
        return ask(
                new Lookup<>(
                        address.getHostAddress(),
                        (channel, id) -> channel.askName(bytes, id),
                        (host, _) -> Decoding.name(host)));
    }

    /**
     * The servers of a service (SRV), in the order in which they should be tried: by priority, and
     * drawn by weight among those of one (RFC 2782).
     *
     * @param name such as {@code _mqtt._tcp.example.org}
     * @throws UnknownHostException if there is none
     */
    public List<ServiceRecord> services(String name) throws IOException {
        checkName(name);
        List<ServiceRecord> services =
                ask(
                        new Lookup<>(
                                name,
                                (channel, id) -> channel.askRecords(name, Ares.TYPE_SRV, id),
                                Decoding::services));
        return ServiceRecord.drawn(services, RandomGenerator.getDefault());
    }

    /**
     * The texts of a name (TXT), each with its strings put together, as UTF-8.
     *
     * @throws UnknownHostException if there is none
     */
    public List<String> texts(String name) throws IOException {
        checkName(name);
        return ask(
                new Lookup<>(
                        name,
                        (channel, id) -> channel.askRecords(name, Ares.TYPE_TXT, id),
                        Decoding::texts));
    }

    private static void checkName(String name) {
        if (name.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a name with a zero in it: " + name);
        }
    }

    private <T> T ask(Lookup<T> lookup) throws IOException {
        driver.call(channel -> channel.submit(lookup));
        try {
            return lookup.await();
        } catch (CancelledException e) {
            driver.post(channel -> channel.leave(lookup));
            throw e;
        }
    }

    /**
     * Ends it: look-ups that are under way throw {@link
     * java.nio.channels.AsynchronousCloseException}, later ones {@link
     * dev.volokno.foreign.LibraryEndedException}. Parks until the library's sockets are closed;
     * closing again does nothing.
     */
    @Override
    public void close() throws IOException {
        driver.close();
    }

    @Override
    public String toString() {
        return "c-ares at " + options;
    }
}
