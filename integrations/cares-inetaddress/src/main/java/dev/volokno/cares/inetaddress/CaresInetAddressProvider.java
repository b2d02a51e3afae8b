package dev.volokno.cares.inetaddress;

import dev.volokno.cares.CaresOptions;
import dev.volokno.net.Resolver;
import java.net.InetSocketAddress;
import java.net.spi.InetAddressResolver;
import java.net.spi.InetAddressResolverProvider;

/**
 * Has {@link java.net.InetAddress} look up names by c-ares. The JDK finds it by itself once this
 * module is there: it takes part if it is on the class path, or on the module path and named by
 * {@code --add-modules dev.volokno.cares.inetaddress}.
 *
 * <p>The first look-up starts a daemon thread with a loop, which is there from then on. A fiber, or
 * any virtual thread, that looks a name up parks. Whoever is cancelled or interrupted meanwhile
 * gets {@link dev.volokno.CancelledException}; whatever else goes wrong is an {@link
 * java.net.UnknownHostException}.
 *
 * <p>The system property {@code volokno.cares.servers} names the servers to ask instead of the
 * system's: addresses in numbers, with a port if it is not 53, between commas ({@code
 * 127.0.0.1:5353,[::1]:53}).
 */
public final class CaresInetAddressProvider extends InetAddressResolverProvider {
    private static final int DOMAIN = 53;

    /** The JDK makes one. */
    public CaresInetAddressProvider() {
        super();
    }

    @Override
    public InetAddressResolver get(Configuration configuration) {
        return new CaresInetAddresses(
                options(System.getProperty("volokno.cares.servers", "")),
                configuration.builtinResolver());
    }

    @Override
    public String name() {
        return "c-ares, by Volokno";
    }

    static CaresOptions options(String servers) {
        CaresOptions defaults = CaresOptions.defaults();
        return servers.isBlank()
                ? defaults
                : defaults.withServers(
                        servers.lines()
                                .flatMap(line -> java.util.Arrays.stream(line.split(",", -1)))
                                .map(CaresInetAddressProvider::server)
                                .toArray(InetSocketAddress[]::new));
    }

    private static InetSocketAddress server(String text) {
        String stripped = text.strip();
        int colon = stripped.lastIndexOf(':');
        boolean withPort = colon == stripped.indexOf(':') || stripped.indexOf("]:") == colon - 1;
        boolean port = colon >= 0 && withPort;
        var address = Resolver.numeric(port ? stripped.substring(0, colon) : stripped);
        try {
            return new InetSocketAddress(
                    address.orElseThrow(() -> new IllegalArgumentException("no address")),
                    port ? Integer.parseInt(stripped.substring(colon + 1)) : DOMAIN);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("volokno.cares.servers: " + stripped, e);
        }
    }
}
