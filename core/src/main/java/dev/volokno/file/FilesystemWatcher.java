package dev.volokno.file;

import dev.volokno.SystemCallException;
import dev.volokno.fd.Fd;
import dev.volokno.file.WatchOptions.Interest;
import dev.volokno.linux.Errno;
import dev.volokno.linux.SysFanotify;
import dev.volokno.loop.Loop;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Tells what happens on a whole file system, and which process does it, by fanotify(7): one mark
 * instead of a watch for each directory, and no look at the tree.
 *
 * <p>Names come as handles of directories, which are looked up (open_by_handle_at(2), {@code
 * CAP_DAC_READ_SEARCH}) when the event is taken in: the path is where the directory is by then. Of
 * a directory that was gone by then and had not been known, only the name is told, as a relative
 * path. Several things that happen to one file before anybody looks come as one event of the
 * kernel's, and are told in the order of a file's life.
 *
 * <p>If the kernel drops events because nobody took them fast enough (fs.fanotify.max_queued_events
 * of them), {@link FileEvent.Overflowed} says so where they would be. Nothing is repaired: to look
 * through a whole file system is up to who needs that. What follows is right again.
 *
 * <p>Without {@code CAP_SYS_ADMIN} only {@link Extent#DIRECTORY} is possible, processes are not
 * told but for this one, and only what is in the directory itself has a path. A mount tells no
 * names and no attributes, only what happens to contents. Before Linux 5.17 a rename is a deletion
 * and a creation. A mark does not keep a file system from being unmounted, which is not told.
 */
public final class FilesystemWatcher extends Watcher<FilesystemEvent> {
    private static final long NAMES =
            SysFanotify.FAN_CREATE | SysFanotify.FAN_DELETE | SysFanotify.FAN_ONDIR;
    private static final long MOVES = SysFanotify.FAN_MOVED_FROM | SysFanotify.FAN_MOVED_TO;

    private final Fd fd;

    private FilesystemWatcher(Fd fd) {
        this.fd = fd;
    }

    /**
     * Watches what {@code path} belongs to. Parks.
     *
     * @throws SystemCallException with {@code EPERM} if that needs {@code CAP_SYS_ADMIN}, which the
     *     message says
     */
    public static FilesystemWatcher open(Path path, FilesystemOptions options) throws IOException {
        var watcher = new FilesystemWatcher(Fanotify.owned(openGroup(options), path));
        try {
            var follower = new FilesystemFollower(watcher.fd.descriptor(), path, watcher.events);
            follower.begin();
            watcher.mark(path, options);
            Loop.current().daemon(follower::run);
            return watcher;
        } catch (IOException | RuntimeException | Error e) {
            watcher.close();
            throw e;
        }
    }

    private static long openGroup(FilesystemOptions options) {
        int flags = SysFanotify.FAN_CLASS_NOTIF | SysFanotify.FAN_REPORT_DFID_NAME;
        long number = -Errno.EINVAL.number();
        if (options.processes()) {
            number = Fanotify.open(flags | SysFanotify.FAN_REPORT_PIDFD);
        }
        boolean unknownFlag = Errno.EINVAL.is(number) || Errno.EPERM.is(number);
        return unknownFlag ? Fanotify.open(flags) : number;
    }

    private void mark(Path path, FilesystemOptions options) throws IOException {
        long mask = mask(options);
        if (options.extent() == Extent.MOUNT) {
            Fanotify.mark(fd, options.extent(), mask & ~SysFanotify.FAN_ATTRIB, path);
            return;
        }
        try {
            Fanotify.mark(fd, options.extent(), mask | NAMES | SysFanotify.FAN_RENAME, path);
        } catch (SystemCallException e) {
            if (!e.errno().equals("EINVAL")) {
                throw e;
            }
            Fanotify.mark(fd, options.extent(), mask | NAMES | MOVES, path);
        }
    }

    private static long mask(FilesystemOptions options) {
        long mask = 0;
        for (Interest interest : options.interests()) {
            mask |=
                    switch (interest) {
                        case CONTENT -> SysFanotify.FAN_MODIFY;
                        case ATTRIBUTES -> SysFanotify.FAN_ATTRIB;
                        case WRITTEN -> SysFanotify.FAN_CLOSE_WRITE;
                        case OPENED -> SysFanotify.FAN_OPEN;
                        case ACCESSED -> SysFanotify.FAN_ACCESS;
                    };
        }
        return mask;
    }

    /** The fanotify descriptor; only to look at, its events are the watcher's. */
    public Fd fd() {
        return fd;
    }

    /** Ends the watch; descriptors of processes in events that nobody took are closed. Parks. */
    @Override
    public void close() throws IOException {
        events.close();
        fd.close();
        Optional<FilesystemEvent> left = events.leftOver();
        while (left.isPresent()) {
            left.get().process().ifPresent(FilesystemWatcher::closeQuietly);
            left = events.leftOver();
        }
    }

    /** A descriptor of a process has nothing to lose. */
    static void closeQuietly(Fd process) {
        try {
            process.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return fd.toString();
    }
}
