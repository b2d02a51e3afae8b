package dev.volokno.file;

import dev.volokno.CancelledException;
import dev.volokno.DeadlineException;
import dev.volokno.SystemCallException;
import dev.volokno.fd.Fd;
import dev.volokno.fiber.Event;
import dev.volokno.linux.SysFanotify;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.Optional;

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
 * guard is closed; when the process ends, the kernel allows it. This process's own accesses, of any
 * thread, are allowed at once and never told. A child process is another one.
 *
 * <p>A guard belongs to the loop that opened it, and does not keep that loop running.
 */
public final class FilesystemGuard implements Iterable<AccessRequest>, Closeable {
    private final Fd fd;
    private final EventQueue<AccessRequest> requests = new EventQueue<>();

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
            new GuardThread(guard.fd.descriptor(), options, guard.requests).start(path);
            Fanotify.mark(guard.fd, options.extent(), PermissionMask.of(options), path);
            return guard;
        } catch (IOException | RuntimeException | Error e) {
            guard.close();
            throw e;
        }
    }

    /**
     * Waits for the next request. Parks.
     *
     * @throws java.nio.channels.ClosedChannelException if the guard is closed
     * @throws CancelledException if cancelled meanwhile; no request was taken
     */
    public AccessRequest take() throws IOException {
        return requests.take();
    }

    /**
     * Like {@link #take()}, for a limited time.
     *
     * @throws DeadlineException if it is over; no request was taken
     */
    public AccessRequest take(Duration timeout) throws IOException {
        return requests.take(timeout);
    }

    /** Takes the next request if one is there; never parks. */
    public Optional<AccessRequest> tryTake() throws IOException {
        return requests.tryTake();
    }

    /** The event that a request is taken, for {@link dev.volokno.fiber.Select}. */
    public Event<AccessRequest> taking() {
        return requests.taking();
    }

    /** The requests as they come, each taken; ends when the guard is closed. */
    @Override
    public Iterator<AccessRequest> iterator() {
        return requests.iterator();
    }

    /** Ends it; what is unanswered is answered as the options say. Parks. */
    @Override
    public void close() throws IOException {
        requests.close();
        fd.close();
    }

    @Override
    public String toString() {
        return fd.toString();
    }
}
