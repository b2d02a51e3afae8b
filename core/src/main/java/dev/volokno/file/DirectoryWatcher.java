package dev.volokno.file;

import dev.volokno.SystemCallException;
import dev.volokno.backend.DirectOperation;
import dev.volokno.descriptor.Descriptor;
import dev.volokno.descriptor.Kind;
import dev.volokno.engine.Engine;
import dev.volokno.fd.Fd;
import dev.volokno.linux.SysInotify;
import dev.volokno.loop.Loop;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import java.util.List;

/**
 * Tells what happens in a directory, or in a tree of them, by inotify(7). The watch begins with
 * {@link #open}: what happens after that is told.
 *
 * {@snippet :
 * try (var watcher = DirectoryWatcher.open(Path.of("src"), WatchOptions.wholeTree())) {
 *     while (true) {
 *         var changes = watcher.takeSettled(Duration.ofMillis(200)); // all, once it is quiet
 *         build(changes);
 *     }
 * }
 * }
 *
 * <p>The events, applied to a set of paths in their order, give the tree as it is. A directory that
 * appears is looked through when its watch is on it, so what was put into it before is told too,
 * and what is put into it meanwhile is told once. A name may be told as modified or its attributes
 * as changed once too often, never once too seldom; of equal changes of one file that one look at
 * the kernel's queue finds, one is told. A move is one event, within the tree; out of it or into it
 * it is a deletion or a creation, of everything that is moved.
 *
 * <p>If the kernel drops events because nobody took them fast enough (fs.inotify.max_queued_events
 * of them), {@link FileEvent.Overflowed} says so and the tree is looked through again; what has
 * changed is told as if it had happened then: what was moved meanwhile as deleted and created. For
 * that the watcher keeps names, inode, time and size of each file, about 200 bytes.
 *
 * <p>Symbolic links in the tree are files and are not followed; the watched path itself may be one.
 * Changes by other machines on a network file system, and those in /proc and /sys, the kernel does
 * not tell: {@link StatWatcher} asks for them.
 */
public final class DirectoryWatcher extends Watcher<FileEvent> {
    private static final int FLAGS = SysInotify.IN_NONBLOCK | SysInotify.IN_CLOEXEC;

    private final Fd fd;

    private DirectoryWatcher(Fd fd) {
        this.fd = fd;
    }

    /** Watches one directory, as {@link WatchOptions#directory} says. Parks. */
    public static DirectoryWatcher open(Path directory) throws IOException {
        return open(directory, WatchOptions.directory());
    }

    /**
     * Watches a directory. With a tree, all of it is looked through, on a worker, before this
     * returns. Parks.
     *
     * @throws java.nio.file.NoSuchFileException if it is not there
     * @throws java.nio.file.NotDirectoryException if it is no directory
     * @throws java.nio.file.AccessDeniedException if it must not be read; directories below that
     *     must not are told as {@link FileEvent.Unwatched}
     * @throws SystemCallException with {@code ENOSPC} if the user has no watches left
     *     (fs.inotify.max_user_watches), {@code EMFILE} if no watchers
     *     (fs.inotify.max_user_instances)
     */
    public static DirectoryWatcher open(Path directory, WatchOptions options) throws IOException {
        if (directory.getFileSystem() != FileSystems.getDefault()) {
            throw new ProviderMismatchException(directory + " is not in the default file system");
        }
        Engine engine = Loop.current().engine();
        var watcher = new DirectoryWatcher(openInotify(engine, directory));
        try {
            watcher.begin(directory, options);
            return watcher;
        } catch (IOException | RuntimeException | Error e) {
            watcher.close();
            throw e;
        }
    }

    private static Fd openInotify(Engine engine, Path directory) throws IOException {
        long number =
                engine.perform(
                        DirectOperation.of(
                                "inotify_init1", (errno, none) -> SysInotify.init(errno, FLAGS)));
        if (number < 0) {
            Descriptor.throwIfEnded(number, false);
            throw WatchFailure.ofInstance(number, directory);
        }
        return new Fd(Descriptor.opened(engine, (int) number, Kind.ANY, "watcher of " + directory));
    }

    private void begin(Path directory, WatchOptions options) throws IOException {
        var picture = new Picture(directory);
        var follower = new TreeFollower(fd.descriptor(), picture, options, events);
        List<FileEvent> found = follower.begin();
        // That a directory cannot be watched is told in any case.
        List<FileEvent> existing =
                found.stream()
                        .filter(event -> options.existing() || event instanceof FileEvent.Unwatched)
                        .toList();
        Loop.current().daemon(() -> follower.run(existing));
    }

    /** The inotify descriptor; only to look at, its events are the watcher's. */
    public Fd fd() {
        return fd;
    }

    /**
     * Ends the watch: no event is told any more, also none that has come already, and whoever waits
     * gets {@link java.nio.channels.AsynchronousCloseException}. Parks until the kernel has all
     * watches back.
     */
    @Override
    public void close() throws IOException {
        events.close();
        fd.close();
    }

    @Override
    public String toString() {
        return fd.toString();
    }
}
