package dev.volokno.net;

/**
 * What a server does with a connection.
 *
 * @param <C> the connection
 */
@FunctionalInterface
public interface Service<C> {
    /** Runs in a fiber of its own; the connection is closed when it ends. */
    void serve(C connection) throws Exception;
}
