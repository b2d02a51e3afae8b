package dev.volokno.file;

import dev.volokno.CancelledException;
import dev.volokno.backend.DirectOperation;
import dev.volokno.descriptor.Descriptor;
import dev.volokno.engine.Engine;
import dev.volokno.engine.Strand;
import dev.volokno.file.OpenDirectory.Status;
import dev.volokno.file.WatchOptions.Interest;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Looks at a path at intervals, in a fiber of its own, and tells what has changed since. */
final class Looker {
    private static final long LONGEST_NANOS = Long.MAX_VALUE / 8;

    private final Engine engine;
    private final Path path;
    private final String rawPath;
    private final WatchOptions options;
    private final EventQueue<FileEvent> user;
    private Picture picture;
    private @Nullable Status before;

    Looker(Engine engine, Path path, WatchOptions options, EventQueue<FileEvent> user) {
        this.engine = engine;
        this.path = path;
        this.options = options;
        this.user = user;
        rawPath = PathName.raw(path.toAbsolutePath());
        picture = new Picture(path);
    }

    static long nanos(Duration interval) {
        boolean countable = interval.compareTo(Duration.ofNanos(LONGEST_NANOS)) < 0;
        return countable ? interval.toNanos() : LONGEST_NANOS;
    }

    void run(List<FileEvent> existing, long begun, long interval) {
        try {
            existing.forEach(user::put);
            long next = begun + interval;
            while (!user.isClosed() && !engine.isEnded()) {
                Strand.current().sleepUntil(next);
                if (!user.isClosed() && !engine.isEnded()) {
                    look().forEach(user::put);
                }
                // Looks that came too late are left out.
                long passed = Math.max(0, System.nanoTime() - next);
                next += (passed / interval + 1) * interval;
            }
            user.end();
        } catch (CancelledException ended) {
            user.end();
        } catch (Throwable failure) {
            user.fail(failure);
        }
    }

    /** Looks on a worker: what has changed. */
    List<FileEvent> look() throws IOException {
        List<FileEvent> found = new ArrayList<>();
        long result =
                engine.perform(
                        DirectOperation.blocking(
                                null, "statx", (errno, none) -> look(errno, found)));
        if (result < 0) {
            Descriptor.throwIfEnded(result, false);
            throw WatchFailure.of(result, path);
        }
        return found;
    }

    private long look(MemorySegment errno, List<FileEvent> found) {
        Status now = OpenDirectory.statusOf(errno, rawPath);
        Status last = before;
        before = now;
        boolean another =
                last != null
                        && (now == null
                                || now.inode() != last.inode()
                                || now.type() != last.type());
        if (last != null && another) {
            picture.empty(picture.root, found::add);
            picture = new Picture(path);
            found.add(new FileEvent.Deleted(path, last.isDirectory()));
        }
        if (now == null) {
            return 0;
        }
        if (last == null || another) {
            found.add(new FileEvent.Created(path, now.isDirectory()));
        } else {
            tellChange(last, now, found);
        }
        return now.isDirectory() ? list(errno, found) : 0;
    }

    private void tellChange(Status last, Status now, List<FileEvent> found) {
        boolean content = now.modified() != last.modified() || now.size() != last.size();
        if (content && !now.isDirectory() && options.interests().contains(Interest.CONTENT)) {
            found.add(new FileEvent.Modified(path));
        } else if (!content
                && now.changed() != last.changed()
                && options.interests().contains(Interest.ATTRIBUTES)) {
            found.add(new FileEvent.AttributesChanged(path));
        }
    }

    private long list(MemorySegment errno, List<FileEvent> found) {
        var setting = new TreeScan.Setting(options, 0, found::add, user::isClosed);
        long result = new TreeScan(picture, setting).scan(errno, TreeScan.NO_INOTIFY, picture.root);
        // It may have gone meanwhile; the next look tells.
        return OpenDirectory.isGone(result) ? 0 : result;
    }
}
