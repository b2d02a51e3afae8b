package dev.volokno.libpq;

import dev.volokno.fiber.ChannelClosedException;
import dev.volokno.fiber.Event;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/**
 * What {@code NOTIFY} tells a connection. They are held until they are received, so many as {@link
 * ConnectOptions#notificationsHeld}; further ones are dropped and counted, because a connection
 * that stops reading would block its own commands, and in the end the server.
 */
public final class Notifications {
    private final Inbound inbound;

    Notifications(Inbound inbound) {
        this.inbound = inbound;
    }

    /**
     * The next one. Parks.
     *
     * @throws PostgresException if the connection is lost or closed, and none is left
     */
    public Notification receive() throws IOException {
        try {
            return inbound.notifications().receive();
        } catch (ChannelClosedException e) {
            throw ended(e);
        }
    }

    /**
     * Like {@link #receive()}, for a limited time.
     *
     * @throws dev.volokno.DeadlineException if it is over
     */
    public Notification receive(Duration timeout) throws IOException {
        try {
            return inbound.notifications().receive(timeout);
        } catch (ChannelClosedException e) {
            throw ended(e);
        }
    }

    private PostgresException ended(ChannelClosedException closed) {
        Throwable why = inbound.failure().orElse(closed);
        if (why instanceof PostgresException lost) {
            return lost.again();
        }
        return new PostgresException(
                PostgresException.CONNECTION_FAILURE, "the connection is closed", why);
    }

    /** One if it is there already. */
    public Optional<Notification> tryReceive() {
        return inbound.notifications().tryReceive();
    }

    /** The event that one comes, for {@link dev.volokno.fiber.Select}. */
    public Event<Notification> receiving() {
        return inbound.notifications().receiving();
    }

    /** How many were dropped so far, because nobody received those before them. */
    public long dropped() {
        return inbound.dropped();
    }
}
