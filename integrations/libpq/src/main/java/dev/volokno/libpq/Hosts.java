package dev.volokno.libpq;

import dev.volokno.net.Resolver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The hosts of a connection string, each with an address: libpq would look names up itself, and
 * block. A host of several addresses becomes several hosts, which libpq tries in turn, as it would
 * try the addresses.
 */
final class Hosts {
    private final Resolver resolver;
    private final List<String> names = new ArrayList<>();
    private final List<String> addresses = new ArrayList<>();
    private final List<String> ports = new ArrayList<>();
    private @Nullable UnknownHostException unknown;

    private Hosts(Resolver resolver) {
        this.resolver = resolver;
    }

    /** Puts addresses into {@code parameters}; parks for the look-ups. */
    static void resolve(Map<String, String> parameters, Resolver resolver) throws IOException {
        String[] hosts = list(parameters, "host");
        String[] given = list(parameters, "hostaddr");
        String[] ports = list(parameters, "port");
        if (hosts.length == 0 || !isConsistent(hosts.length, given.length, ports.length)) {
            // Nothing to look up, or a mistake, which libpq tells better.
            return;
        }
        var found = new Hosts(resolver);
        for (int i = 0; i < hosts.length; i++) {
            String port = ports.length == 0 ? "" : ports[ports.length == 1 ? 0 : i];
            found.add(hosts[i], given.length == 0 ? "" : given[i], port);
        }
        found.putInto(parameters);
    }

    private static boolean isConsistent(int hosts, int addresses, int ports) {
        return (addresses == 0 || addresses == hosts) && (ports <= 1 || ports == hosts);
    }

    private static String[] list(Map<String, String> parameters, String keyword) {
        String value = parameters.getOrDefault(keyword, "");
        return value.isEmpty() ? new String[0] : value.split(",", -1);
    }

    private void add(String host, String address, String port) throws IOException {
        boolean local = host.isEmpty() || host.startsWith("/") || host.startsWith("@");
        if (local || !address.isEmpty() || Resolver.numeric(host).isPresent()) {
            put(host, address, port);
            return;
        }
        try {
            for (InetAddress one : resolver.resolve(host)) {
                put(host, one.getHostAddress(), port);
            }
        } catch (UnknownHostException e) {
            // Another host may be known.
            unknown = e;
        }
    }

    private void put(String host, String address, String port) {
        names.add(host);
        addresses.add(address);
        ports.add(port);
    }

    private void putInto(Map<String, String> parameters) throws UnknownHostException {
        if (names.isEmpty() && unknown != null) {
            throw unknown;
        }
        parameters.put("host", String.join(",", names));
        parameters.put("hostaddr", String.join(",", addresses));
        parameters.put("port", String.join(",", ports));
    }
}
