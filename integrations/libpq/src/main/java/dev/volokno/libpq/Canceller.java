package dev.volokno.libpq;

import static dev.volokno.libpq.Libpq.function;
import static dev.volokno.libpq.Libpq.procedure;
import static dev.volokno.libpq.Libpq.unexpected;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.volokno.fiber.Offload;
import dev.volokno.foreign.CString;
import dev.volokno.foreign.Driver;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * libpq-fe.h: asks a server to give up what a connection does. {@code PQcancel} makes a connection
 * of its own for that and blocks until the server has closed it, so it has threads of its own; a
 * server that does not answer keeps one, and a caller who is out of time leaves it behind.
 */
final class Canceller {
    private static final int THREADS = 32;
    private static final int MESSAGE_SIZE = 256;

    private static final MethodHandle CANCEL =
            function("PQcancel", JAVA_INT, ADDRESS, ADDRESS, JAVA_INT);
    private static final MethodHandle FREE = procedure("PQfreeCancel", ADDRESS);

    private static final Offload.Pool POOL =
            Offload.pool("volokno-libpq-cancel", THREADS).abandoningOnCancel();

    private final MemorySegment handle;
    private final AtomicBoolean taken = new AtomicBoolean();

    private Canceller(MemorySegment handle) {
        this.handle = handle;
    }

    /** Parks until the server has been told. */
    static void cancel(Driver<Session> driver) throws IOException {
        MemorySegment handle = driver.call(session -> session.connection().cancelHandle());
        if (handle.address() == 0) {
            return;
        }
        var canceller = new Canceller(handle);
        try {
            POOL.call(() -> {
                canceller.run();
                return true;
            });
        } finally {
            // It was cancelled before a thread came to it.
            if (canceller.taken.compareAndSet(false, true)) {
                canceller.free();
            }
        }
    }

    private void run() throws PostgresException {
        if (!taken.compareAndSet(false, true)) {
            return;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment message = arena.allocate(MESSAGE_SIZE);
            int told = (int) CANCEL.invokeExact(handle, message, MESSAGE_SIZE);
            if (told == 0) {
                throw new PostgresException(
                        PostgresException.CONNECTION_FAILURE,
                        "cancelling: " + CString.at(message, "").strip(),
                        null);
            }
        } catch (PostgresException e) {
            throw e;
        } catch (Throwable t) {
            throw unexpected(t);
        } finally {
            free();
        }
    }

    private void free() {
        try {
            FREE.invokeExact(handle);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }
}
