package dev.volokno.net;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * How a listener serves. Immutable; the methods that begin with "with" give a changed copy.
 *
 * @param limit how many connections are served at a time
 * @param failures gets what services throw
 */
public record ServeOptions(int limit, Consumer<? super Throwable> failures) {
    private static final System.Logger LOGGER = System.getLogger("dev.volokno");
    private static final int LIMIT = 10_000;

    /** Checks the values. */
    public ServeOptions {
        Objects.requireNonNull(failures, "failures");
        if (limit < 1) {
            throw new IllegalArgumentException("one connection at least, not " + limit);
        }
    }

    /**
     * At most 10,000 connections at a time. Failures go to the logger {@code dev.volokno}: those of
     * a connection, which any peer can cause, at level DEBUG; others as a WARNING.
     */
    public static ServeOptions defaults() {
        return new ServeOptions(LIMIT, ServeOptions::log);
    }

    private static void log(Throwable failure) {
        boolean peers = failure instanceof IOException || failure instanceof UncheckedIOException;
        LOGGER.log(
                peers ? System.Logger.Level.DEBUG : System.Logger.Level.WARNING,
                "a service failed",
                failure);
    }

    /** Serves at most {@code connections} at a time; the others wait to be accepted. */
    public ServeOptions withLimit(int connections) {
        return new ServeOptions(connections, failures);
    }

    /** Tells {@code handler} what services throw; it is called in the fiber that failed. */
    public ServeOptions withFailureHandler(Consumer<? super Throwable> handler) {
        return new ServeOptions(limit, handler);
    }
}
