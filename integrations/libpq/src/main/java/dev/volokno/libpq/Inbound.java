package dev.volokno.libpq;

import dev.volokno.fiber.Channel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** What a server says without having been asked. The driver's fiber puts in, others take out. */
final class Inbound {
    private static final int NOTICES = 100;

    private final Channel<Notification> notifications;
    private final AtomicLong dropped = new AtomicLong();
    private volatile @Nullable Throwable failure;

    // Under the object's lock.
    private final ArrayDeque<ServerMessage> notices = new ArrayDeque<>();
    private @Nullable ServerMessage lastWord;

    Inbound(int notificationsHeld) {
        notifications = Channel.bounded(notificationsHeld);
    }

    void notified(Notification notification) {
        if (!notifications.trySend(notification)) {
            dropped.incrementAndGet();
        }
    }

    Channel<Notification> notifications() {
        return notifications;
    }

    long dropped() {
        return dropped.get();
    }

    /** Of many notices the newest are kept. */
    synchronized void noticed(ServerMessage message) {
        if (message.isFatal()) {
            lastWord = message;
            return;
        }
        if (notices.size() == NOTICES) {
            notices.removeFirst();
        }
        notices.add(message);
    }

    synchronized List<ServerMessage> takeNotices() {
        var taken = new ArrayList<>(notices);
        notices.clear();
        return taken;
    }

    /** Why the server ends the connection, if it said so. */
    synchronized Optional<ServerMessage> lastWord() {
        return Optional.ofNullable(lastWord);
    }

    /** No notification will come any more. */
    void end(Optional<? extends Throwable> reason) {
        if (failure == null) {
            failure = reason.orElse(null);
        }
        notifications.close();
    }

    /** Why no notification will come any more; empty if the connection was closed here. */
    Optional<Throwable> failure() {
        return Optional.ofNullable(failure);
    }
}
