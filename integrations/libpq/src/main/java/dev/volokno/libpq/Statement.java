package dev.volokno.libpq;

import java.io.Closeable;
import java.io.IOException;

/** A command that the server has prepared; on its connection alone. */
public final class Statement implements Closeable {
    private final Postgres connection;
    private final String name;
    private final String command;

    Statement(Postgres connection, String name, String command) {
        this.connection = connection;
        this.name = name;
        this.command = command;
    }

    /** The statement with values for its parameters, as {@link Query} takes them. */
    public Query bind(Object... parameters) {
        return Query.prepared(name, parameters);
    }

    /** Like {@link Postgres#query(String, Object...)}. Parks. */
    public Result query(Object... parameters) throws IOException {
        return connection.query(bind(parameters));
    }

    /** Like {@link Postgres#stream(String, Object...)}. Parks. */
    public Rows stream(Object... parameters) throws IOException {
        return connection.stream(bind(parameters));
    }

    /** Has the server forget it. Parks. */
    @Override
    public void close() throws IOException {
        if (connection.isOpen()) {
            connection.query("DEALLOCATE " + name);
        }
    }

    @Override
    public String toString() {
        return name + ": " + command;
    }
}
