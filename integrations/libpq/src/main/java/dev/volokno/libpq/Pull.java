package dev.volokno.libpq;

import dev.volokno.DeadlineException;
import dev.volokno.fiber.Scope;
import dev.volokno.foreign.Answer;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * The caller's side of {@link Pulled} rows.
 *
 * @param <E> the rows
 */
final class Pull<E> {
    private final Postgres connection;
    private final Pulled<E> pulled;
    private Iterator<E> rows = List.<E>of().iterator();
    private List<Column> columns = List.of();
    private boolean ended;
    private boolean closed;

    Pull(Postgres connection, Pulled<E> pulled) {
        this.connection = connection;
        this.pulled = pulled;
    }

    /** Has the command begun, and waits for the first rows. */
    void begin() throws IOException {
        connection.turn().enter();
        boolean begun = false;
        try {
            Answer<Pulled.Portion<E>> first = pulled.more();
            take(connection.await(pulled, first));
            begun = true;
        } finally {
            if (!begun) {
                close();
            }
        }
    }

    private void take(Pulled.Portion<E> portion) {
        rows = portion.rows().iterator();
        columns = portion.columns();
        ended = portion.last();
    }

    List<Column> columns() {
        return columns;
    }

    /** The next row; empty at the end. */
    Optional<E> next() throws IOException {
        if (closed) {
            throw new IllegalStateException("they are closed");
        }
        while (!rows.hasNext() && !ended) {
            fetch();
        }
        return rows.hasNext() ? Optional.of(rows.next()) : Optional.empty();
    }

    private void fetch() throws IOException {
        boolean failed = true;
        try {
            take(
                    connection.awaitOrCancel(
                            connection.driver().callHere(session -> session.more(pulled))));
            failed = false;
        } finally {
            ended |= failed;
        }
    }

    /** Gives the rest up, and the connection back. */
    void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        rows = List.<E>of().iterator();
        try {
            if (connection.isOpen()) {
                discard();
            }
        } finally {
            connection.turn().leave();
        }
    }

    private void discard() throws IOException {
        Answer<Boolean> end =
                Scope.shield(
                        connection.options().cancelGrace(),
                        () -> connection.driver().callHere(session -> session.discard(pulled)));
        var unfinished = new IOException("rows were left");
        try {
            connection.cancelAndAwait(end, unfinished);
        } catch (DeadlineException silent) {
            silent.addSuppressed(unfinished);
            connection.giveUp(silent, silent);
            throw silent;
        }
    }
}
