package dev.volokno.foreign;

import dev.volokno.engine.Cell;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A call that a driver's fiber makes for somebody.
 *
 * <pre>
 *   QUEUED --begin()----> BEGUN --> its outcome
 *   QUEUED --withdraw()-> WITHDRAWN   the caller was cancelled, and nothing has happened
 * </pre>
 */
final class Request<L, R> {
    private static final int QUEUED = 0;
    private static final int BEGUN = 1;
    private static final int WITHDRAWN = 2;

    private final Driver.Body<? super L, ? extends R, ?> body;
    private final AtomicInteger state = new AtomicInteger();

    /** What the caller waits for; nobody waits if there is none. Under the object's lock. */
    private @Nullable Cell told;

    private boolean done;
    private @Nullable R result;
    private @Nullable Throwable failure;

    Request(Driver.Body<? super L, ? extends R, ?> body, @Nullable Cell told) {
        this.body = body;
        this.told = told;
    }

    /** In the driver's fiber; what it throws if nobody waits for it. */
    @Nullable Throwable make(L library) {
        if (!state.compareAndSet(QUEUED, BEGUN)) {
            return null;
        }
        try {
            return end(body.run(library), null);
        } catch (Throwable t) {
            return end(null, t);
        }
    }

    /** The driver has ended before its turn came. */
    void refuse(Throwable why) {
        if (state.compareAndSet(QUEUED, BEGUN)) {
            end(null, why);
        }
    }

    private synchronized @Nullable Throwable end(@Nullable R returned, @Nullable Throwable thrown) {
        result = returned;
        failure = thrown;
        done = true;
        if (told == null) {
            return thrown;
        }
        told.fill();
        return null;
    }

    /** Takes it back; false if it has begun. */
    boolean withdraw() {
        return state.compareAndSet(QUEUED, WITHDRAWN);
    }

    /** Tells {@code next} instead, at once if there is something to tell. */
    synchronized Cell tellAgain(Cell next) {
        told = next;
        if (done) {
            next.fill();
        }
        return next;
    }

    /** What it returned or threw, once that has been told. */
    @SuppressWarnings({"unchecked", "NullAway"}) // the body throws no other; null if it returned it
    synchronized <X extends Exception> R outcome() throws X, LibraryEndedException {
        if (failure instanceof Error error) {
            throw error;
        }
        if (failure != null) {
            throw (X) failure;
        }
        return result;
    }
}
