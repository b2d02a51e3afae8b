package dev.volokno.file;

import dev.volokno.engine.Engine;
import dev.volokno.loop.Loop;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Tells what happens to a file, a directory or a tree by looking again and again, where the kernel
 * tells nothing: on network file systems that others change, in /proc and /sys, at paths that are
 * not there yet. The events are those of a {@link DirectoryWatcher}; what is looked at is the path
 * itself and, if it is a directory, the names in it.
 *
 * <p>What happens and is undone between two looks is not seen, and neither is a second change
 * within one tick of the file system's clock. A move is a deletion and a creation. The path may
 * vanish and come again, which is told, and the watch goes on.
 *
 * <p>Looks are made on a worker, at multiples of the interval from the first: never early, and a
 * look that takes too long costs looks rather than shifting them.
 */
public final class StatWatcher extends Watcher<FileEvent> {
    private final Path path;

    private StatWatcher(Path path) {
        this.path = path;
    }

    /** Looks at a path, and at what is in it as {@link WatchOptions#directory} says. Parks. */
    public static StatWatcher open(Path path, Duration interval) throws IOException {
        return open(path, interval, WatchOptions.directory());
    }

    /**
     * Looks at a path every {@code interval}, the first time before this returns. Opening and
     * reading are not seen, whatever the options say, and neither is the end of writing. Parks.
     *
     * @throws IllegalArgumentException if the interval is not positive
     */
    public static StatWatcher open(Path path, Duration interval, WatchOptions options)
            throws IOException {
        if (interval.isNegative() || interval.isZero()) {
            throw new IllegalArgumentException("an interval of " + interval);
        }
        Engine engine = Loop.current().engine();
        var watcher = new StatWatcher(path);
        var looker = new Looker(engine, path, options, watcher.events);
        List<FileEvent> first = looker.look();
        List<FileEvent> existing = options.existing() ? first : List.of();
        long begun = System.nanoTime();
        long nanos = Looker.nanos(interval);
        Loop.current().daemon(() -> looker.run(existing, begun, nanos));
        return watcher;
    }

    /** Ends the watch; a look that goes on ends by itself. Never parks. */
    @Override
    public void close() {
        events.close();
    }

    @Override
    public String toString() {
        return "looker at " + path;
    }
}
