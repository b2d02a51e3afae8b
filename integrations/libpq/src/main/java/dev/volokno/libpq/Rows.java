package dev.volokno.libpq;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Rows of a query, as they come. At most a few hundred are held here; if they are not taken, the
 * server waits. One fiber at a time may use them.
 */
public final class Rows implements Iterable<Row>, Closeable {
    private final Pull<Row> pull;

    Rows(Pull<Row> pull) {
        this.pull = pull;
    }

    /** What the rows have. */
    public List<Column> columns() {
        return pull.columns();
    }

    /**
     * The next row; empty at the end. Parks. If that is cancelled the query is too, and no row
     * comes any more.
     *
     * @throws PostgresException if the query fails in between
     */
    public Optional<Row> next() throws IOException {
        return pull.next();
    }

    /**
     * The rows that were not taken yet; a failure is thrown as an {@link UncheckedIOException}.
     * Going on to the next one parks.
     */
    @Override
    public Iterator<Row> iterator() {
        return new Iterator<>() {
            private @Nullable Row next;

            @Override
            public boolean hasNext() {
                if (next == null) {
                    try {
                        next = pull.next().orElse(null);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                }
                return next != null;
            }

            @Override
            public Row next() {
                if (!hasNext()) {
                    throw new NoSuchElementException("no row is left");
                }
                Row row = next;
                next = null;
                assert row != null;
                return row;
            }
        };
    }

    /**
     * Gives the connection back. If rows are left the query is cancelled, and the connection can be
     * used afterwards. Parks, and is not cancelled.
     */
    @Override
    public void close() throws IOException {
        pull.close();
    }
}
