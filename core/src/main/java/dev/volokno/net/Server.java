package dev.volokno.net;

import dev.volokno.fiber.Fiber;
import dev.volokno.fiber.Scope;
import dev.volokno.fiber.ScopePolicy;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/** Accepts and serves, as long as there is room. */
final class Server<C extends Closeable> {
    private final SocketListener<C> listener;
    private final ServeOptions options;
    private final Service<? super C> service;
    private final Semaphore room;

    /** Those whose fiber has not begun: if it is cancelled before it does, it never runs. */
    private final Set<C> unserved = ConcurrentHashMap.newKeySet();

    Server(SocketListener<C> listener, ServeOptions options, Service<? super C> service) {
        this.listener = listener;
        this.options = options;
        this.service = service;
        room = new Semaphore(options.limit());
    }

    void run() throws IOException {
        try {
            Scope.run(
                    ScopePolicy.supervise(options.failures()),
                    scope -> {
                        acceptAll();
                        return true;
                    });
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException("the failure handler threw", e);
        } finally {
            closeUnserved();
        }
    }

    private void closeUnserved() throws IOException {
        for (C connection : unserved) {
            connection.close();
        }
    }

    private void acceptAll() throws IOException {
        while (listener.fd().isOpen()) {
            awaitRoom();
            try {
                begin(listener.accept());
            } catch (ClosedChannelException e) {
                if (listener.fd().isOpen()) {
                    throw e;
                }
                return;
            }
        }
    }

    private void awaitRoom() {
        try {
            room.acquire();
        } catch (InterruptedException e) {
            // Cancelled: whatever waits next says so.
            Thread.currentThread().interrupt();
        }
    }

    private void begin(C connection) throws IOException {
        unserved.add(connection);
        try {
            Fiber.start(() -> serve(connection));
        } catch (RuntimeException | Error e) {
            unserved.remove(connection);
            connection.close();
            throw e;
        }
    }

    private void serve(C connection) throws Exception {
        try (connection) {
            unserved.remove(connection);
            service.serve(connection);
        } finally {
            room.release();
        }
    }
}
