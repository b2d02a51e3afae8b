package dev.volokno.file;

import dev.volokno.SystemCallException;
import dev.volokno.fd.Fd;
import dev.volokno.linux.SysFanotify;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Is asked before other processes may open, read or execute files (fanotify(7), {@code
 * CAP_SYS_ADMIN}). They sleep in the kernel until a fiber answers.
 *
 * {@snippet :
 * try (var guard = FilesystemGuard.open(Path.of("/srv"), GuardOptions.of(Extent.MOUNT))) {
 *     for (var request : guard) {
 *         if (isHarmless(request)) {
 *             request.allow();
 *         } else {
 *             request.deny();
 *         }
 *     }
 * }
 * }
 *
 * <p>Nothing that happens to the program freezes the machine. What is not answered within the
 * options' limit is answered as they say, by a thread that needs neither the loop nor its user. So
 * is what comes while a thousand requests wait to be taken, and all that is unanswered when the
 * guard is closed; when the process ends, the kernel allows it. The kernel opens each file here: a
 * request that it has no descriptor for, because the process has as many as it may, it denies. This
 * process's own accesses, of any thread, are allowed at once and never told. A child process is
 * another one.
 */
public final class FilesystemGuard extends Watcher<AccessRequest> {
    private final Fd fd;

    private FilesystemGuard(Fd fd) {
        this.fd = fd;
    }

    /**
     * Guards what {@code path} belongs to. Parks.
     *
     * @throws SystemCallException with {@code EPERM} without {@code CAP_SYS_ADMIN}, with {@code
     *     EINVAL} if the kernel has no permission events
     */
    public static FilesystemGuard open(Path path, GuardOptions options) throws IOException {
        long group = Fanotify.open(SysFanotify.FAN_CLASS_CONTENT);
        var guard = new FilesystemGuard(Fanotify.owned(group, path));
        try {
            new GuardThread(guard.fd.descriptor(), options, guard.events).start(path);
            Fanotify.mark(guard.fd, options.extent(), PermissionMask.of(options), path);
            return guard;
        } catch (IOException | RuntimeException | Error e) {
            guard.close();
            throw e;
        }
    }

    /** Ends it; what is unanswered is answered as the options say. Parks. */
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
