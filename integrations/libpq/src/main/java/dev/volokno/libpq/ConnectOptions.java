package dev.volokno.libpq;

import dev.volokno.net.Resolver;
import java.time.Duration;
import java.util.Objects;

/**
 * How to connect, beside what the connection string says.
 *
 * @param resolver looks names of hosts up
 * @param notificationsHeld so many notifications wait for whoever receives them; what comes more is
 *     dropped, and counted
 * @param cancelGrace how long the server may take to answer when a command is given up; a
 *     connection that takes longer is closed
 */
public record ConnectOptions(Resolver resolver, int notificationsHeld, Duration cancelGrace) {
    private static final ConnectOptions DEFAULTS =
            new ConnectOptions(Resolver.system(), 1000, Duration.ofSeconds(5));

    /** Checks the values. */
    public ConnectOptions {
        Objects.requireNonNull(resolver, "resolver");
        if (notificationsHeld < 0) {
            throw new IllegalArgumentException("notificationsHeld " + notificationsHeld);
        }
        if (cancelGrace.isNegative()) {
            throw new IllegalArgumentException("cancelGrace " + cancelGrace);
        }
    }

    /** The system's resolver, 1000 notifications, five seconds. */
    public static ConnectOptions defaults() {
        return DEFAULTS;
    }

    /** The same with another resolver. */
    public ConnectOptions withResolver(Resolver other) {
        return new ConnectOptions(other, notificationsHeld, cancelGrace);
    }

    /** The same with room for another number of notifications. */
    public ConnectOptions withNotificationsHeld(int count) {
        return new ConnectOptions(resolver, count, cancelGrace);
    }

    /** The same with another grace. */
    public ConnectOptions withCancelGrace(Duration grace) {
        return new ConnectOptions(resolver, notificationsHeld, grace);
    }
}
