package dev.volokno.file;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * The entries of a directory, in the order of its file system and without {@code .} and {@code ..},
 * read as they are asked for: going on to the next parks. What is made or removed meanwhile may be
 * among them or not; everything else is there once. For one fiber at a time.
 */
public final class DirectoryListing implements DirectoryStream<DirectoryEntry> {
    private final Source source;
    private boolean given;

    /** Where entries come from. */
    interface Source {
        @Nullable DirectoryEntry next() throws IOException;

        void close() throws IOException;
    }

    DirectoryListing(Source source) {
        this.source = source;
    }

    /**
     * The one iterator. It throws a {@link DirectoryIteratorException} where a directory cannot be
     * read; one may go on after it.
     */
    @Override
    public Iterator<DirectoryEntry> iterator() {
        if (given) {
            throw new IllegalStateException("a listing is read once");
        }
        given = true;
        return new Entries();
    }

    /** Closes it, if it has not ended; the iterator has nothing more then. */
    @Override
    public void close() throws IOException {
        source.close();
    }

    private final class Entries implements Iterator<DirectoryEntry> {
        private @Nullable DirectoryEntry next;

        @Override
        public boolean hasNext() {
            if (next == null) {
                try {
                    next = source.next();
                } catch (IOException e) {
                    throw new DirectoryIteratorException(e);
                }
            }
            return next != null;
        }

        @Override
        public DirectoryEntry next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            DirectoryEntry taken = next;
            assert taken != null;
            next = null;
            return taken;
        }
    }
}
