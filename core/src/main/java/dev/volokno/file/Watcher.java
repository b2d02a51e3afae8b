package dev.volokno.file;

import dev.volokno.CancelledException;
import dev.volokno.DeadlineException;
import dev.volokno.SystemCallException;
import dev.volokno.fiber.Event;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * Something that tells what happens to files: events that are taken, one by one or until it is
 * quiet, by iteration, or beside other events. It belongs to the loop that opened it, and does not
 * keep that loop running. Several fibers and threads may take from it, each event goes to one.
 *
 * @param <E> what is told
 */
public abstract sealed class Watcher<E> implements Iterable<E>, Closeable
        permits DirectoryWatcher, FilesystemGuard, FilesystemWatcher, StatWatcher {
    final EventQueue<E> events = new EventQueue<>();

    Watcher() {}

    /**
     * Waits for the next event. Parks.
     *
     * @throws java.nio.channels.ClosedChannelException if the watch has ended, or is closed; {@link
     *     FileEvent.Ended} was told before if it ended by itself
     * @throws SystemCallException if it cannot go on, mostly because the user has no watches left
     * @throws CancelledException if cancelled meanwhile; no event was taken
     */
    public final E take() throws IOException {
        return events.take();
    }

    /**
     * Like {@link #take()}, for a limited time.
     *
     * @throws DeadlineException if it is over; no event was taken
     */
    public final E take(Duration timeout) throws IOException {
        return events.take(timeout);
    }

    /** Takes the next event if one is there; never parks. */
    public final Optional<E> tryTake() throws IOException {
        return events.tryTake();
    }

    /**
     * Waits for an event, and further until none has come for {@code quiet}: all of them. If the
     * watch ends meanwhile, those until then. Parks.
     */
    public final List<E> takeSettled(Duration quiet) throws IOException {
        return events.takeSettled(quiet);
    }

    /**
     * The event that one is taken, for {@link dev.volokno.fiber.Select}; fails with {@link
     * dev.volokno.fiber.ChannelClosedException} when the watch has ended.
     */
    public final Event<E> taking() {
        return events.taking();
    }

    /**
     * The events as they come, each taken; ends when the watch does. Going on to the next one
     * parks, and throws {@link java.io.UncheckedIOException} where {@link #take()} throws.
     */
    @Override
    public final Iterator<E> iterator() {
        return events.iterator();
    }

    /**
     * Ends the watch: no event is told any more, also none that has come already, and whoever waits
     * gets {@link java.nio.channels.AsynchronousCloseException}.
     */
    @Override
    public abstract void close() throws IOException;
}
