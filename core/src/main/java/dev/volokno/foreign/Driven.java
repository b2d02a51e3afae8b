package dev.volokno.foreign;

import dev.volokno.fd.Fd;
import java.util.Optional;
import java.util.Set;

/**
 * A handle of a C library, as its {@link Driver} sees it: what it waits for, and what to call when
 * that has come. All of these methods run in the driver's fiber, one at a time, and none of them
 * may wait for anything: a wait of this library in one, or in a callback from C that it leads to,
 * is refused with {@link IllegalStateException}. What a callback brings is kept, in fields or with
 * {@link Answer} and {@link dev.volokno.fiber.Channel#trySend}, for the fibers that want it.
 *
 * <p>What one of them throws, or a callback, ends the handle: {@link #end} is called, and all calls
 * of the driver's users throw {@link LibraryEndedException}.
 *
 * <p>Descriptors of the library should be non-blocking, as nearly all are: {@link #ready} may be
 * called for one that is not ready any more.
 */
public interface Driven {
    /**
     * Says what to wait for. Called before each sleep, also after calls by others. A library that
     * can be asked for its descriptor is asked here; one that announces descriptors and times by
     * callbacks passes them on to {@code watch} from there, and needs nothing here.
     */
    default void prepare(Watch watch) throws Exception {}

    /**
     * A descriptor is ready.
     *
     * @param fd one that {@code watch} was told of
     * @param conditions what holds, of what was asked for, {@link Fd.Condition#ERROR} and {@link
     *     Fd.Condition#HANG_UP}; {@code ERROR} alone too if the descriptor cannot be waited for,
     *     because it is closed. If the next sleep is to wait for such a one again, the handle has
     *     failed.
     */
    void ready(int fd, Set<Fd.Condition> conditions) throws Exception;

    /** The time that {@code watch} was told of has come; it is told of one for each call. */
    void due() throws Exception;

    /**
     * Frees the handle, the last call of all. Callbacks can still come inside it, and not after.
     *
     * @param failure why, unless the driver was closed: what was thrown, or {@link
     *     dev.volokno.CancelledException} at the end of the loop
     */
    void end(Optional<Throwable> failure) throws Exception;
}
