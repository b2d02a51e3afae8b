package dev.volokno.curl;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * An HTTP request. Immutable; the methods that begin with "with" give a changed copy.
 *
 * <p>libcurl adds {@code Host}, {@code Accept} and the headers for the body's length; one of your
 * own takes their place.
 */
public final class CurlRequest {
    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

    private final String method;
    private final URI uri;
    private final List<Header> headers;
    private final Body body;
    private final Limits limits;

    /** A line of a request's head. */
    record Header(String name, String value) {}

    /**
     * What is sent after the head.
     *
     * @param bytes what it is, unless it is streamed
     * @param isThere whether there is a body at all
     * @param length how long it is, if that is known
     */
    record Body(Optional<byte[]> bytes, boolean isThere, OptionalLong length) {
        static final Body NONE = new Body(Optional.empty(), false, OptionalLong.of(0));
    }

    private record Limits(int redirects, Optional<Duration> timeout) {}

    private CurlRequest(String method, URI uri, List<Header> headers, Body body, Limits limits) {
        this.method = method;
        this.uri = uri;
        this.headers = headers;
        this.body = body;
        this.limits = limits;
    }

    /**
     * A request without a body.
     *
     * @throws IllegalArgumentException if the scheme is neither http nor https, there is no host,
     *     or the method is no word
     */
    public static CurlRequest of(String method, URI uri) {
        boolean known =
                "http".equalsIgnoreCase(uri.getScheme())
                        || "https".equalsIgnoreCase(uri.getScheme());
        if (!known || uri.getHost() == null) {
            throw new IllegalArgumentException("no URI of HTTP with a host: " + uri);
        }
        if (!TOKEN.matcher(method).matches()) {
            throw new IllegalArgumentException("no method: " + method);
        }
        return new CurlRequest(method, uri, List.of(), Body.NONE, new Limits(0, Optional.empty()));
    }

    /** A GET of {@code uri}. */
    public static CurlRequest get(URI uri) {
        return of("GET", uri);
    }

    /**
     * A GET of {@code uri}.
     *
     * @throws IllegalArgumentException if it is none, or {@link #of} refuses it
     */
    public static CurlRequest get(String uri) {
        return get(URI.create(uri));
    }

    /**
     * With one more header. An {@code Accept} or {@code Expect} without a value takes the library's
     * own out: it asks before it sends a body of more than a megabyte, or of unknown length, and
     * waits up to a second for the server's word.
     *
     * @throws IllegalArgumentException if the name is no word, or the value has a line's end or a
     *     zero in it
     */
    public CurlRequest withHeader(String name, String value) {
        boolean broken = value.chars().anyMatch(c -> c == '\r' || c == '\n' || c == 0);
        if (broken || !TOKEN.matcher(name).matches()) {
            throw new IllegalArgumentException("no header: " + name + ": " + value);
        }
        var more = new ArrayList<>(headers);
        more.add(new Header(name, value));
        return new CurlRequest(method, uri, List.copyOf(more), body, limits);
    }

    /** With these bytes as its body. */
    public CurlRequest withBody(byte[] bytes) {
        return with(new Body(Optional.of(bytes.clone()), true, OptionalLong.of(bytes.length)));
    }

    /** With this text as its body, in UTF-8. */
    public CurlRequest withBody(String text) {
        return withBody(text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * With a body of unknown length that {@link CurlExchange#write} sends: "chunked" in HTTP/1.1.
     */
    public CurlRequest withStreamedBody() {
        return with(new Body(Optional.empty(), true, OptionalLong.empty()));
    }

    /**
     * With a body of this length that {@link CurlExchange#write} sends.
     *
     * @throws IllegalArgumentException if negative
     */
    public CurlRequest withStreamedBody(long length) {
        if (length < 0) {
            throw new IllegalArgumentException("length: " + length);
        }
        return with(new Body(Optional.empty(), true, OptionalLong.of(length)));
    }

    private CurlRequest with(Body other) {
        return new CurlRequest(method, uri, headers, other, limits);
    }

    /**
     * Follows so many redirects, to http and https alone; none as long as this is not called. One
     * more is a {@link CurlException}. A streamed body cannot be sent again.
     *
     * @throws IllegalArgumentException if negative
     */
    public CurlRequest withRedirects(int most) {
        if (most < 0) {
            throw new IllegalArgumentException("redirects: " + most);
        }
        return new CurlRequest(method, uri, headers, body, new Limits(most, limits.timeout));
    }

    /**
     * Fails with {@link java.net.SocketTimeoutException} if the whole exchange, the response's body
     * included, takes longer. For the wait of one call, {@link dev.volokno.fiber.Deadline} is
     * there.
     *
     * @throws IllegalArgumentException if less than a millisecond
     */
    public CurlRequest withTimeout(Duration timeout) {
        Optional<Duration> checked = Optional.of(checkedTimeout(timeout));
        return new CurlRequest(method, uri, headers, body, new Limits(limits.redirects, checked));
    }

    static Duration checkedTimeout(Duration timeout) {
        if (timeout.toMillis() < 1 || timeout.toMillis() > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("a timeout of " + timeout);
        }
        return timeout;
    }

    /** The method, such as {@code GET}. */
    public String method() {
        return method;
    }

    /** Where it goes. */
    public URI uri() {
        return uri;
    }

    List<Header> headers() {
        return headers;
    }

    boolean hasHeader(String name) {
        return headers.stream().anyMatch(header -> header.name.equalsIgnoreCase(name));
    }

    Body body() {
        return body;
    }

    int redirects() {
        return limits.redirects;
    }

    Optional<Duration> timeout() {
        return limits.timeout;
    }

    /** Method and URI. */
    @Override
    public String toString() {
        return method + " " + uri;
    }
}
