package dev.volokno.curl;

import dev.volokno.foreign.Driver;
import dev.volokno.net.Resolver;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Makes HTTP requests by the C library libcurl, on the loop: hundreds at once cost one fiber and
 * their sockets. Connections are kept and used again.
 *
 * <p>It belongs to the loop that opened it, and ends with it; fibers of other loops and any thread
 * may use it too. Servers are believed only with a certificate for their name that an authority of
 * {@link CurlOptions} has signed.
 *
 * <p>What fails is Java's own exception where there is one ({@link java.net.UnknownHostException},
 * {@link java.net.ConnectException}, {@link java.net.SocketTimeoutException}, {@link
 * javax.net.ssl.SSLException}), else a {@link CurlException}; the message has the library's words.
 * A status such as 404 is no failure.
 */
public final class CurlClient implements Closeable {
    private final CurlOptions options;
    private final Driver<CurlMulti> driver;

    private CurlClient(CurlOptions options, Driver<CurlMulti> driver) {
        this.options = options;
        this.driver = driver;
    }

    /**
     * Opens one. Parks.
     *
     * @throws dev.volokno.foreign.LibraryMissingException if {@code libcurl.so.4} is not installed
     * @throws IllegalStateException if no loop runs here
     */
    public static CurlClient open() throws IOException {
        return open(CurlOptions.defaults());
    }

    /**
     * Opens one that works as {@code options} say. Parks.
     *
     * @throws dev.volokno.foreign.LibraryMissingException if {@code libcurl.so.4} is not installed
     * @throws IllegalStateException if no loop runs here
     */
    public static CurlClient open(CurlOptions options) throws IOException {
        Curl.load();
        return new CurlClient(
                options,
                Driver.<CurlMulti, IOException>start(
                        "libcurl", (watch, upcalls) -> new CurlMulti(options, watch, upcalls)));
    }

    /**
     * Makes a request and waits for the response's head. Parks; if cancelled, the request is ended.
     *
     * @throws IllegalArgumentException if its body is to be streamed: {@link #start} it
     * @throws IOException if there is no response
     */
    public CurlResponse send(CurlRequest request) throws IOException {
        if (request.body().isThere() && request.body().bytes().isEmpty()) {
            throw new IllegalArgumentException(request + " has a body to be written: start it");
        }
        CurlExchange exchange = start(request);
        try {
            return exchange.response();
        } catch (IOException | RuntimeException | Error e) {
            exchange.close();
            throw e;
        }
    }

    /**
     * Begins a request; its body can be written, and then, or meanwhile, its response read. Parks
     * until the library has it.
     */
    public CurlExchange start(CurlRequest request) throws IOException {
        Optional<String> resolved = resolve(request.uri());
        var transfer = new Transfer(request);
        driver.call(multi -> multi.start(transfer, resolved));
        return new CurlExchange(driver, transfer);
    }

    /** What the library is to know of a name, as CURLOPT_RESOLVE wants it. */
    private Optional<String> resolve(URI uri) throws IOException {
        Optional<Resolver> resolver = options.resolver();
        String host = uri.getHost();
        if (resolver.isEmpty() || Resolver.numeric(host).isPresent()) {
            return Optional.empty();
        }
        List<InetAddress> addresses = resolver.get().resolve(host);
        int usual = "https".equalsIgnoreCase(uri.getScheme()) ? 443 : 80;
        int port = uri.getPort() < 0 ? usual : uri.getPort();
        return Optional.of(
                addresses.stream()
                        .map(InetAddress::getHostAddress)
                        .collect(Collectors.joining(",", "+" + host + ":" + port + ":", "")));
    }

    /**
     * Ends it and all that is under way, which fails with {@link
     * java.nio.channels.AsynchronousCloseException}. Parks until the connections are closed;
     * closing again does nothing.
     */
    @Override
    public void close() throws IOException {
        driver.close();
    }

    @Override
    public String toString() {
        return "client by libcurl" + (driver.isOpen() ? "" : ", closed");
    }
}
