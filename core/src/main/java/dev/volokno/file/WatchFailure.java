package dev.volokno.file;

import dev.volokno.SystemCallException;
import dev.volokno.linux.Errno;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;

/** What it means that a directory cannot be watched. */
final class WatchFailure {
    private static final String INSTANCES =
            "the process's limit of descriptors, or the user's of watchers:"
                    + " fs.inotify.max_user_instances";
    private static final String WATCHES =
            "the user's limit of watches, one for each directory: fs.inotify.max_user_watches";

    private WatchFailure() {}

    static IOException of(long result, Path path) {
        String message = Errno.messageOf(result);
        if (Errno.ENOENT.is(result) || Errno.ELOOP.is(result)) {
            return new NoSuchFileException(path.toString(), null, message);
        }
        if (Errno.ENOTDIR.is(result)) {
            return new NotDirectoryException(path.toString());
        }
        if (Errno.EACCES.is(result)) {
            return new AccessDeniedException(path.toString(), null, message);
        }
        String why = Errno.ENOSPC.is(result) ? WATCHES : message;
        return new SystemCallException(
                "inotify_add_watch", Errno.nameOf(result), path.toString(), why);
    }

    /** A watcher that cannot be made at all. */
    static IOException ofInstance(long result, Path path) {
        String why = Errno.EMFILE.is(result) ? INSTANCES : Errno.messageOf(result);
        return new SystemCallException(
                "inotify_init1", Errno.nameOf(result), "a watcher of " + path, why);
    }
}
