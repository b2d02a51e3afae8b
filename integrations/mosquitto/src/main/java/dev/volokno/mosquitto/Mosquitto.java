package dev.volokno.mosquitto;

import dev.volokno.CancelledException;
import dev.volokno.DeadlineException;
import dev.volokno.fiber.Deadline;
import dev.volokno.fiber.Fiber;
import dev.volokno.fiber.Offload;
import dev.volokno.fiber.Scope;
import dev.volokno.foreign.Answer;
import dev.volokno.foreign.Driver;
import dev.volokno.foreign.LibraryEndedException;
import dev.volokno.loop.Loop;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A client of an MQTT broker, by libmosquitto. It connects again by itself whenever the connection
 * is lost, and subscribes again. Fibers of any loop and plain threads may use it; it lives in the
 * loop that it was made in, without a thread.
 *
 * {@snippet :
 * try (var mqtt = Mosquitto.broker("broker.example", 1883).connect();
 *         var commands = mqtt.subscribe("gateway/7/commands", Qos.AT_LEAST_ONCE)) {
 *     mqtt.publish(Message.of("gateway/7/state", "up").with(Qos.AT_LEAST_ONCE));
 *     for (Message command : commands) {
 *         carryOut(command.text());
 *     }
 * }
 * }
 */
public final class Mosquitto implements Closeable {
    private static final int DEFAULT_LIMIT = 1000;
    private static final Duration GRACE = Duration.ofSeconds(2);

    private final MosquittoOptions options;
    private final Driver<Client> driver;
    private final Keeper keeper;
    private final Fiber<Void> keeping;

    private Mosquitto(MosquittoOptions options, Driver<Client> driver, Keeper keeper, Loop loop) {
        this.options = options;
        this.driver = driver;
        this.keeper = keeper;
        keeping = loop.daemon(keeper::run);
    }

    /** The options for a client of a broker, with their defaults. */
    public static MosquittoOptions broker(String host, int port) {
        return new MosquittoOptions(host, port);
    }

    static Mosquitto start(MosquittoOptions options) throws IOException {
        Loop loop = Loop.current();
        // It takes a while, and more on a small machine.
        boolean loaded = Offload.call(Installed::load);
        assert loaded;
        var connections = new AtomicLong();
        Driver<Client> driver =
                Driver.start(
                        options.toString(),
                        (_, upcalls) -> new Client(options, upcalls, connections));
        return new Mosquitto(options, driver, new Keeper(options, driver, connections), loop);
    }

    void awaitFirstConnection() throws IOException {
        boolean there = keeper.first.<IOException>await();
        assert there;
    }

    /** The first connection has failed. */
    void abandon(Exception why) {
        try {
            close();
        } catch (IOException e) {
            why.addSuppressed(e);
        }
    }

    // ---- publishing

    /**
     * Publishes a message, and returns when it is on its way (QoS 0), when the broker has it (1),
     * or has it once (2). While there is no connection it waits for one; {@link Deadline} limits
     * that. Parks. One fiber's messages arrive in their order; many fibers may publish at once.
     *
     * @throws MqttException if the broker refused it; of QoS 0, also if the connection was lost
     *     before it was written
     * @throws LibraryEndedException if the client is or becomes closed
     * @throws CancelledException if cancelled before that; the message was not sent if there was no
     *     connection, else it may have been, and may still be
     * @throws IllegalArgumentException if it has a topic or properties that it cannot have
     */
    public void publish(Message message) throws IOException {
        if (message.topic().contains("+") || message.topic().contains("#")) {
            throw new IllegalArgumentException("a topic with wildcards, to publish: " + message);
        }
        var publication = new Publication(message);
        boolean taken = driver.callHere(client -> client.publish(publication));
        assert taken;
        try {
            int reason = publication.delivered.<IOException>await();
            assert reason >= 0;
        } catch (CancelledException e) {
            publication.withdrawn = true;
            throw e;
        }
    }

    /**
     * Like {@link #publish(Message)}, for a limited time.
     *
     * @throws DeadlineException if it is over
     */
    public void publish(Message message, Duration timeout) throws IOException {
        Deadline.within(timeout, () -> publish(message));
    }

    // ---- subscribing

    /**
     * Subscribes to a filter; up to 1000 messages are kept for who receives them, and then the
     * client does not read on. Parks until the broker has granted it.
     *
     * @param filter levels between slashes, where {@code +} is any one and a {@code #} at the end
     *     all further ones; {@code $share/GROUP/FILTER} shares the messages among a group
     * @param qos how surely messages are to arrive at most
     * @throws IllegalArgumentException if that is no filter
     * @throws MqttException if the broker refused it
     * @throws CancelledException if cancelled meanwhile; the subscription is given up
     */
    public Subscription subscribe(String filter, Qos qos) throws IOException {
        return subscribe(filter, qos, DEFAULT_LIMIT, SlowReader.HOLD_BACK);
    }

    /**
     * Like {@link #subscribe(String, Qos)}.
     *
     * @param limit how many messages are kept for who receives them. What was on its way may come
     *     in addition with {@link SlowReader#HOLD_BACK}
     * @param slowReader what happens then
     */
    public Subscription subscribe(String filter, Qos qos, int limit, SlowReader slowReader)
            throws IOException {
        if (limit < 1) {
            throw new IllegalArgumentException("a subscription that keeps " + limit + " messages");
        }
        var subscription =
                new Subscription(this, TopicFilter.checked(filter), qos, limit, slowReader);
        Answer<Integer> granted =
                driver.call(client -> client.subscriptions.add(subscription, client.isConnected()));
        try {
            int code = granted.<IOException>await();
            assert code >= 0;
            return subscription;
        } catch (CancelledException e) {
            subscription.close();
            throw e;
        }
    }

    void unsubscribe(Subscription subscription) {
        driver.post(client -> client.subscriptions.remove(subscription, client.isConnected()));
    }

    /** A subscription has room again. */
    void readOn() {
        driver.post(_ -> {});
    }

    // ---- what it is

    /** Whether there is a connection now, which may be lost before this returns. */
    public boolean isConnected() {
        try {
            return driver.call(Client::isConnected);
        } catch (LibraryEndedException e) {
            return false;
        }
    }

    /** How often it has connected. */
    public long connections() {
        return keeper.connections();
    }

    /** Why the last connection ended, or could not be made; empty if none ever was lost. */
    public Optional<IOException> lastFailure() {
        return Optional.ofNullable(keeper.lastFailure());
    }

    /** The version of libmosquitto. */
    public static Optional<String> libraryVersion() {
        return Installed.LIBRARY.version();
    }

    /** Whether the tests have run with this version of libmosquitto. */
    public static boolean isLibraryTested() {
        return Installed.LIBRARY.isTested();
    }

    /**
     * Tells the broker that the client leaves, so that it publishes no will, and frees everything;
     * it has two seconds to take that in. Whoever still publishes gets an exception, and
     * subscriptions end. Parks, and is not cancelled. Closing again does nothing.
     */
    @Override
    public void close() throws IOException {
        if (!driver.isOpen()) {
            return;
        }
        keeping.cancel();
        boolean _ = Scope.shield(GRACE.multipliedBy(2), this::leave);
        driver.close();
    }

    /** Whether there was time to tell the broker, which finds out by itself if not. */
    private boolean leave() throws IOException {
        return Deadline.tryWithin(
                GRACE,
                () -> {
                    boolean _ = joinKeeper();
                    IOException _ = driver.call(Client::leave).<IOException>await();
                });
    }

    private boolean joinKeeper() {
        try {
            return keeping.join() == null;
        } catch (ExecutionException | CancellationException cancelled) {
            return false;
        }
    }

    @Override
    public String toString() {
        return options + (driver.isOpen() ? "" : ", closed");
    }
}
