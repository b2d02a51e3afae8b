package dev.volokno.curl;

import dev.volokno.net.Resolver;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * How a {@link CurlClient} works. Immutable; the methods that begin with "with" give a changed
 * copy.
 */
public final class CurlOptions {
    private static final CurlOptions DEFAULTS =
            new CurlOptions(
                    new Trust(Optional.empty(), Optional.empty()),
                    Duration.ofSeconds(30),
                    0,
                    Optional.empty());

    private final Trust trust;
    private final Duration connectTimeout;
    private final int perHost;
    private final Optional<Resolver> resolver;

    /** Who says who a server is, and who stands in between. */
    private record Trust(Optional<Path> authorities, Optional<String> proxy) {}

    private CurlOptions(
            Trust trust, Duration connectTimeout, int perHost, Optional<Resolver> resolver) {
        this.trust = trust;
        this.connectTimeout = connectTimeout;
        this.perHost = perHost;
        this.resolver = resolver;
    }

    /**
     * The system's certificate authorities, the environment's proxy, 30 seconds to connect, any
     * number of connections, and names looked up by libcurl itself.
     */
    public static CurlOptions defaults() {
        return DEFAULTS;
    }

    /** Trusts the certificates in this file (PEM), and no others. */
    public CurlOptions withAuthorities(Path file) {
        var other = new Trust(Optional.of(file.toAbsolutePath()), trust.proxy);
        return new CurlOptions(other, connectTimeout, perHost, resolver);
    }

    /**
     * Goes through this proxy, such as {@code http://proxy:3128}, instead of the one that the
     * environment names ({@code http_proxy}, {@code https_proxy}, {@code no_proxy}).
     */
    public CurlOptions withProxy(URI proxy) {
        return withProxy(proxy.toASCIIString());
    }

    /** Goes through no proxy, whatever the environment says. */
    public CurlOptions withoutProxy() {
        return withProxy("");
    }

    private CurlOptions withProxy(String proxy) {
        var other = new Trust(trust.authorities, Optional.of(proxy));
        return new CurlOptions(other, connectTimeout, perHost, resolver);
    }

    /**
     * Gives up a connection that is not there after this time, name and TLS included.
     *
     * @throws IllegalArgumentException if less than a millisecond
     */
    public CurlOptions withConnectTimeout(Duration timeout) {
        return new CurlOptions(trust, CurlRequest.checkedTimeout(timeout), perHost, resolver);
    }

    /**
     * Has at most so many connections to one host; further requests wait for one.
     *
     * @throws IllegalArgumentException if less than one
     */
    public CurlOptions withConnectionsPerHost(int most) {
        if (most < 1) {
            throw new IllegalArgumentException("connections per host: " + most);
        }
        return new CurlOptions(trust, connectTimeout, most, resolver);
    }

    /**
     * Looks up the host of each request by {@code names}. libcurl starts a thread for each look-up
     * of its own; those of redirects are still its own.
     */
    public CurlOptions withResolver(Resolver names) {
        return new CurlOptions(trust, connectTimeout, perHost, Optional.of(names));
    }

    Optional<String> authorities() {
        return trust.authorities.map(Path::toString);
    }

    /** Empty text is none at all. */
    Optional<String> proxy() {
        return trust.proxy;
    }

    long connectMillis() {
        return connectTimeout.toMillis();
    }

    int perHost() {
        return perHost;
    }

    Optional<Resolver> resolver() {
        return resolver;
    }
}
