package dev.volokno.net;

import dev.volokno.CancelledException;
import dev.volokno.fiber.Channel;
import dev.volokno.fiber.Deadline;
import dev.volokno.fiber.Fiber;
import dev.volokno.fiber.Scope;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Connects to whichever address of a name answers first (RFC 8305, "Happy Eyeballs"): the families
 * take turns, and each next attempt begins when one has failed or none has succeeded for a while.
 * One fiber decides; look-ups and attempts are fibers of their own, which report to it.
 */
final class NamedConnect {
    /** RFC 8305, section 8: Connection Attempt Delay. */
    private static final Duration ATTEMPT_DELAY = Duration.ofMillis(250);

    /** RFC 8305, section 8: Resolution Delay. */
    private static final Duration RESOLUTION_DELAY = Duration.ofMillis(50);

    private final String host;
    private final int port;
    private final Resolver resolver;

    private final Channel<Report> reports = Channel.rendezvous();
    private final AtomicReference<@Nullable TcpSocket> winner = new AtomicReference<>();

    // The deciding fiber alone.
    private final ArrayDeque<InetAddress> v6 = new ArrayDeque<>();
    private final ArrayDeque<InetAddress> v4 = new ArrayDeque<>();
    private final List<Fiber<?>> started = new ArrayList<>();
    private final List<IOException> failures = new ArrayList<>();
    private boolean v6Next = true;
    private int lookUps;
    private int attempts;

    /** What a fiber has to say to the one that decides. */
    private sealed interface Report {}

    private record Found(List<InetAddress> addresses) implements Report {}

    private record NotFound(IOException failure) implements Report {}

    private record Failed(IOException failure) implements Report {}

    private record Connected() implements Report {}

    NamedConnect(String host, int port, Resolver resolver) {
        this.host = host;
        this.port = port;
        this.resolver = resolver;
    }

    /** To the end: the connection, or the exception in which all failures are suppressed. */
    TcpSocket connect() throws IOException {
        boolean done = false;
        try {
            TcpSocket socket = Scope.run(this::decide);
            done = true;
            return socket;
        } catch (CancelledException e) {
            failures.forEach(e::addSuppressed);
            throw e;
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new AssertionError(e);
        } finally {
            TcpSocket late = winner.get();
            if (!done && late != null) {
                late.close();
            }
        }
    }

    private TcpSocket decide(Scope scope) throws IOException {
        begin(scope);
        TcpSocket connected = winner.get();
        while (connected == null) {
            if (attempts + lookUps + v6.size() + v4.size() == 0) {
                throw failure();
            }
            awaitReport(scope);
            connected = winner.get();
        }
        started.forEach(Fiber::cancel);
        return connected;
    }

    private void begin(Scope scope) throws IOException {
        Optional<InetAddress> numeric = Resolver.numeric(host);
        if (numeric.isPresent()) {
            found(List.of(numeric.get()));
        } else if (resolver.asksPerFamily()) {
            lookUp(scope, StandardProtocolFamily.INET6);
            lookUp(scope, StandardProtocolFamily.INET);
        } else {
            List<InetAddress> all = resolver.resolve(host);
            v6Next = !all.isEmpty() && all.getFirst() instanceof Inet6Address;
            found(all);
        }
    }

    private void lookUp(Scope scope, StandardProtocolFamily family) {
        lookUps++;
        started.add(
                scope.fork(() -> {
                    try {
                        reports.send(new Found(resolver.resolve(host, family)));
                    } catch (IOException e) {
                        reports.send(new NotFound(e));
                    }
                }));
    }

    private void found(List<InetAddress> addresses) {
        for (InetAddress address : addresses) {
            (address instanceof Inet6Address ? v6 : v4).add(address);
        }
    }

    /** Begins the next attempt when it is time, or takes in what comes before. */
    private void awaitReport(Scope scope) throws IOException {
        boolean waiting = v6.size() + v4.size() > 0;
        if (waiting && attempts == 0 && !isV6Awaited()) {
            attempt(scope);
        } else if (waiting) {
            Duration delay = attempts == 0 ? RESOLUTION_DELAY : ATTEMPT_DELAY;
            Optional<Report> report = Deadline.tryWithin(delay, () -> reports.receive());
            if (report.isPresent()) {
                takeIn(scope, report.get());
            } else {
                attempt(scope);
            }
        } else {
            takeIn(scope, reports.receive());
        }
    }

    /** The addresses of the family that is preferred may come in a moment. */
    private boolean isV6Awaited() {
        return lookUps > 0 && v6.isEmpty();
    }

    private void takeIn(Scope scope, Report report) {
        switch (report) {
            case Found(List<InetAddress> addresses) -> {
                lookUps--;
                found(addresses);
            }
            case NotFound(IOException failure) -> {
                lookUps--;
                failures.add(failure);
            }
            case Failed(IOException failure) -> {
                attempts--;
                failures.add(failure);
                if (v6.size() + v4.size() > 0) {
                    attempt(scope);
                }
            }
            case Connected() -> attempts--;
        }
    }

    private void attempt(Scope scope) {
        boolean takeV6 = v4.isEmpty() || (v6Next && !v6.isEmpty());
        InetAddress address = (takeV6 ? v6 : v4).remove();
        v6Next = !takeV6;
        attempts++;
        started.add(scope.fork(() -> attempt(new InetSocketAddress(address, port))));
    }

    private void attempt(InetSocketAddress remote) throws IOException {
        try {
            TcpSocket socket = TcpSocket.connect(remote);
            if (winner.compareAndSet(null, socket)) {
                reports.send(new Connected());
            } else {
                socket.close();
            }
        } catch (IOException e) {
            reports.send(new Failed(e));
        }
    }

    private IOException failure() {
        if (failures.isEmpty()) {
            return new ConnectException(host + " has no address");
        }
        if (failures.size() == 1) {
            return failures.getFirst();
        }
        var failure =
                new ConnectException(
                        "none of the addresses of "
                                + host
                                + " could be reached at port "
                                + port
                                + "; the first: "
                                + failures.getFirst().getMessage());
        failures.forEach(failure::addSuppressed);
        return failure;
    }
}
