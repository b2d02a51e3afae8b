package dev.volokno.libpq;

import dev.volokno.fiber.Channel;
import org.jspecify.annotations.Nullable;

/** Whose command a connection carries out; others queue, first in first out. */
final class Turn {
    private final Channel<Boolean> free = Channel.bounded(1);
    private volatile @Nullable Thread holder;

    Turn() {
        free.trySend(true);
    }

    /**
     * Waits for one's turn. Parks.
     *
     * @throws IllegalStateException if one's own turn is not over, which nothing would end
     */
    void enter() {
        if (holder == Thread.currentThread()) {
            throw new IllegalStateException(
                    "this fiber's rows, or its COPY, are open on the connection: close them first");
        }
        free.receive();
        holder = Thread.currentThread();
    }

    void leave() {
        holder = null;
        free.trySend(true);
    }
}
