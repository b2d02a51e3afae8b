package dev.volokno.mosquitto;

import dev.volokno.CancelledException;
import dev.volokno.net.Resolver;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * How a client connects. Each method returns a copy; {@link #connect} and {@link #start} use it.
 */
public final class MosquittoOptions {
    private static final int SHORTEST_KEEP_ALIVE = 5;
    private static final int LONGEST_KEEP_ALIVE = 65_535;

    // Changed by copies alone, before anybody else sees them.
    private String host;
    private int port;
    private Optional<String> clientId = Optional.empty();
    private Duration session = Duration.ZERO;
    private Optional<String> user = Optional.empty();
    private Optional<String> password = Optional.empty();
    private Optional<Message> will = Optional.empty();
    private Optional<Tls> tls = Optional.empty();
    private Duration keepAlive = Duration.ofSeconds(60);
    private boolean version5;
    private int inFlight = 100;
    private Duration timeout = Duration.ofSeconds(30);
    private Duration shortestPause = Duration.ofSeconds(1);
    private Duration longestPause = Duration.ofSeconds(30);
    private Resolver resolver = Resolver.system();

    MosquittoOptions(String host, int port) {
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("port " + port);
        }
        this.host = Objects.requireNonNull(host, "host");
        this.port = port;
    }

    private MosquittoOptions copy() {
        var copy = new MosquittoOptions(host, port);
        copy.clientId = clientId;
        copy.session = session;
        copy.user = user;
        copy.password = password;
        copy.will = will;
        copy.tls = tls;
        copy.keepAlive = keepAlive;
        copy.version5 = version5;
        copy.inFlight = inFlight;
        copy.timeout = timeout;
        copy.shortestPause = shortestPause;
        copy.longestPause = longestPause;
        copy.resolver = resolver;
        return copy;
    }

    /** The name by which the broker knows the client; without one it makes one up. */
    public MosquittoOptions clientId(String id) {
        var copy = copy();
        copy.clientId = Optional.of(id);
        return copy;
    }

    /**
     * The broker is to keep subscriptions and what was not delivered while there is no connection,
     * so that no message of QoS 1 and 2 is missed. It does so for {@code kept} with MQTT 5, and for
     * as long as it likes with MQTT 3.1.1. Needs a {@link #clientId}. Up to 10,000 messages that
     * come before anybody has subscribed again wait for who does. The default is not to.
     */
    public MosquittoOptions session(Duration kept) {
        if (kept.isNegative()) {
            throw new IllegalArgumentException("a session of " + kept);
        }
        var copy = copy();
        copy.session = kept;
        return copy;
    }

    /** A user's name and password. */
    public MosquittoOptions credentials(String name, String secret) {
        var copy = copy();
        copy.user = Optional.of(name);
        copy.password = Optional.of(secret);
        return copy;
    }

    /** What the broker publishes if the client goes without a word. */
    public MosquittoOptions will(Message message) {
        var copy = copy();
        copy.will = Optional.of(message);
        return copy;
    }

    /** Encrypts the connection. */
    public MosquittoOptions tls(Tls how) {
        var copy = copy();
        copy.tls = Optional.of(how);
        return copy;
    }

    /**
     * How often there is a sign of life either way; a connection without one for a little more is
     * lost. 5 s to 65,535 s, one minute by default.
     */
    public MosquittoOptions keepAlive(Duration interval) {
        long seconds = interval.toSeconds();
        if (seconds < SHORTEST_KEEP_ALIVE || seconds > LONGEST_KEEP_ALIVE) {
            throw new IllegalArgumentException("a sign of life every " + interval);
        }
        var copy = copy();
        copy.keepAlive = interval;
        return copy;
    }

    /**
     * Speaks MQTT 5; the default is 3.1.1. Only with brokers that one trusts: of one that sends a
     * property that MQTT 5 does not have, libmosquitto 2.0 ends the process, as its builds check
     * their assertions as a rule.
     */
    public MosquittoOptions version5() {
        var copy = copy();
        copy.version5 = true;
        return copy;
    }

    /** How many messages of QoS 1 and 2 may be under way either way at once; 100 by default. */
    public MosquittoOptions inFlight(int most) {
        if (most < 1 || most > 65_535) {
            throw new IllegalArgumentException(most + " messages under way");
        }
        var copy = copy();
        copy.inFlight = most;
        return copy;
    }

    /** How long an address may take to accept a connection; 30 s by default. */
    public MosquittoOptions timeout(Duration longest) {
        if (!longest.isPositive()) {
            throw new IllegalArgumentException("a timeout of " + longest);
        }
        var copy = copy();
        copy.timeout = longest;
        return copy;
    }

    /**
     * How long it rests before it connects again: the first time {@code shortest}, then twice as
     * long as the time before, up to {@code longest}; 1 s and 30 s by default. Each is cut by a
     * random part, up to half, so that many clients do not come at once.
     */
    public MosquittoOptions pauses(Duration shortest, Duration longest) {
        if (shortest.isNegative() || shortest.isZero() || longest.compareTo(shortest) < 0) {
            throw new IllegalArgumentException("pauses of " + shortest + " to " + longest);
        }
        var copy = copy();
        copy.shortestPause = shortest;
        copy.longestPause = longest;
        return copy;
    }

    /** Looks the broker's name up; the system's resolver by default. */
    public MosquittoOptions resolver(Resolver other) {
        var copy = copy();
        copy.resolver = other;
        return copy;
    }

    /**
     * Connects, in the current loop, and from then on again whenever the connection is lost. Parks
     * until the broker has accepted the first connection.
     *
     * @throws MqttException if it does not accept it, or nobody is there
     * @throws dev.volokno.foreign.LibraryMissingException if libmosquitto is not installed
     * @throws IOException if there is another reason
     * @throws CancelledException if cancelled meanwhile
     */
    public Mosquitto connect() throws IOException {
        Mosquitto client = start();
        try {
            client.awaitFirstConnection();
            return client;
        } catch (IOException | RuntimeException e) {
            client.abandon(e);
            throw e;
        }
    }

    /**
     * Like {@link #connect}, and does not wait for the broker: it is tried until it is there. What
     * is published until then waits.
     *
     * @throws dev.volokno.foreign.LibraryMissingException if libmosquitto is not installed
     */
    public Mosquitto start() throws IOException {
        return Mosquitto.start(this);
    }

    // ---- what was chosen

    String host() {
        return host;
    }

    int port() {
        return port;
    }

    Optional<String> clientId() {
        return clientId;
    }

    Duration session() {
        return session;
    }

    Optional<String> user() {
        return user;
    }

    Optional<String> password() {
        return password;
    }

    Optional<Message> will() {
        return will;
    }

    Optional<Tls> tls() {
        return tls;
    }

    int keepAliveSeconds() {
        return (int) keepAlive.toSeconds();
    }

    boolean isVersion5() {
        return version5;
    }

    int inFlight() {
        return inFlight;
    }

    Duration timeout() {
        return timeout;
    }

    Duration shortestPause() {
        return shortestPause;
    }

    Duration longestPause() {
        return longestPause;
    }

    Resolver resolver() {
        return resolver;
    }

    @Override
    public String toString() {
        return "mqtt" + (tls.isPresent() ? "s" : "") + "://" + host + ":" + port;
    }
}
