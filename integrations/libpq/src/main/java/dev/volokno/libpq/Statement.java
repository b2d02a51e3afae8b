package dev.volokno.libpq;

import java.io.Closeable;
import java.io.IOException;

/** A command that the server has prepared; on its connection alone. */
public final class Statement implements Closeable {
    private final Postgres connection;
    private final String name;
    private final String command;
    private final byte[] utf8;
    private final Columns columns = new Columns();

    Statement(Postgres connection, String name, String command) {
        this.connection = connection;
        this.name = name;
        this.command = command;
        utf8 = Query.utf8(name);
    }

    /** The statement with values for its parameters, as {@link Query} takes them. */
    public Query bind(Object... parameters) {
        return Query.prepared(this, parameters);
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

    String name() {
        return name;
    }

    byte[] utf8() {
        return utf8;
    }

    Columns columns() {
        return columns;
    }

    @Override
    public String toString() {
        return name + ": " + command;
    }
}
