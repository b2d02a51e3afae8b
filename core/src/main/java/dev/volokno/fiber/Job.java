package dev.volokno.fiber;

import dev.volokno.engine.Cell;
import org.jspecify.annotations.Nullable;

/** A call on another thread, and who waits for its end. */
final class Job<T, X extends Exception> implements Runnable {
    private final Call<T, X> body;

    // Under the object's lock.
    private Cell told;
    private boolean done;
    private @Nullable Thread runner;
    private @Nullable T result;
    private @Nullable Throwable failure;

    Job(Call<T, X> body, Cell told) {
        this.body = body;
        this.told = told;
    }

    @Override
    public void run() {
        begin();
        try {
            T returned = body.call();
            end(returned, null);
        } catch (Throwable t) {
            end(null, t);
        }
    }

    private synchronized void begin() {
        runner = Thread.currentThread();
    }

    private synchronized void end(@Nullable T returned, @Nullable Throwable thrown) {
        runner = null;
        // An interrupt that came for this call is not the next one's.
        Thread.interrupted();
        result = returned;
        failure = thrown;
        done = true;
        told.fill();
    }

    synchronized Cell told() {
        return told;
    }

    /** Tells {@code next} instead, at once if there is something to tell. */
    synchronized Cell tellAgain(Cell next) {
        told = next;
        if (done) {
            next.fill();
        }
        return next;
    }

    /** Nobody waits any more. */
    synchronized void abandon() {
        if (runner != null) {
            runner.interrupt();
        }
    }

    /** What it returned or threw, once that has been told. */
    @SuppressWarnings({"unchecked", "NullAway"}) // the body throws no other; null if it returned it
    synchronized T outcome() throws X {
        if (failure instanceof Error error) {
            throw error;
        }
        if (failure != null) {
            throw (X) failure;
        }
        return result;
    }
}
