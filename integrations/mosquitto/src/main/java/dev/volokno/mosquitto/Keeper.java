package dev.volokno.mosquitto;

import dev.volokno.DeadlineException;
import dev.volokno.fiber.Deadline;
import dev.volokno.fiber.Fiber;
import dev.volokno.fiber.Offload;
import dev.volokno.foreign.Answer;
import dev.volokno.foreign.Driver;
import dev.volokno.foreign.LibraryEndedException;
import dev.volokno.net.Resolver;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Connects, waits for the end of the connection, rests, and connects again. */
final class Keeper {
    private static final Offload.Pool NAMES = Offload.pool("volokno-mosquitto", 8);

    private final MosquittoOptions options;
    private final Driver<Client> driver;

    /** Given at the first connection, or its failure. */
    final Answer<Boolean> first = new Answer<>("the first connection");

    private volatile @Nullable IOException lastFailure;

    /** How many there were; the library's callback counts them. */
    private final AtomicLong connections;

    Keeper(MosquittoOptions options, Driver<Client> driver, AtomicLong connections) {
        this.options = options;
        this.driver = driver;
        this.connections = connections;
    }

    /** A fiber's life. */
    void run() {
        Duration pause = options.shortestPause();
        while (driver.isOpen()) {
            long before = connections.get();
            try {
                keepOne();
            } catch (LibraryEndedException end) {
                first.fail(end);
                return;
            } catch (IOException e) {
                lastFailure = e;
                first.fail(e);
            }
            pause = connections.get() > before ? options.shortestPause() : pause;
            rest(pause);
            pause = shorter(pause.multipliedBy(2), options.longestPause());
        }
    }

    private static void rest(Duration pause) {
        long nanos = pause.toNanos();
        Fiber.sleep(Duration.ofNanos(nanos - ThreadLocalRandom.current().nextLong(nanos / 2 + 1)));
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /** Returns, or throws, when there is no connection, any more. */
    private void keepOne() throws IOException {
        IOException failure = null;
        for (String address : addresses()) {
            try {
                connect(address);
                first.give(true);
                lastFailure = driver.call(Client::lost).<IOException>await();
                return;
            } catch (LibraryEndedException end) {
                throw end;
            } catch (IOException e) {
                if (failure != null) {
                    e.addSuppressed(failure);
                }
                failure = e;
            }
        }
        throw failure != null ? failure : new IOException("no address of " + options.host());
    }

    /** Whatever is to be connected to is in numbers, unless a certificate must be for its name. */
    private List<String> addresses() throws IOException {
        if (Resolver.numeric(options.host()).isPresent() || needsName()) {
            return List.of(options.host());
        }
        return options.resolver().resolve(options.host()).stream()
                .map(InetAddress::getHostAddress)
                .toList();
    }

    private boolean needsName() {
        return options.tls().isPresent() && Resolver.numeric(options.host()).isEmpty();
    }

    private void connect(String address) throws IOException {
        Answer<Boolean> accepted =
                needsName()
                        ? connectElsewhere(address)
                        : driver.call(client -> client.connect(address, options.port()));
        try {
            boolean there = Deadline.within(options.timeout(), () -> accepted.<IOException>await());
            assert there;
        } catch (DeadlineException late) {
            boolean _ = driver.call(Client::giveUp);
            throw late;
        }
    }

    /** The library looks the name up itself, which blocks: on a thread of its own. */
    private Answer<Boolean> connectElsewhere(String host) throws IOException {
        Client lent = driver.call(Client::lend);
        boolean back = false;
        try {
            int result = NAMES.call(() -> lent.connectOf(host, options.port()));
            Answer<Boolean> accepted = driver.call(client -> client.takeBack(result));
            back = true;
            return accepted;
        } finally {
            if (!back) {
                lent.drop();
            }
        }
    }

    @Nullable IOException lastFailure() {
        return lastFailure;
    }

    long connections() {
        return connections.get();
    }
}
