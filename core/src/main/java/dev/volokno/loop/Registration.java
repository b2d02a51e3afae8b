package dev.volokno.loop;

import dev.volokno.engine.Callback;
import dev.volokno.fiber.Scope;

/**
 * A watch or a timer of a loop's, and the way to end it. All methods may be called from any thread,
 * and from inside its own callback.
 */
public final class Registration implements AutoCloseable {
    private final Callback callback;
    private final Scope scope;

    Registration(Callback callback, Scope scope) {
        this.callback = callback;
        this.scope = scope;
    }

    /** Whether its callback may still be called. */
    public boolean isActive() {
        return !callback.isEnded();
    }

    /** Lets the loop end although this goes on; it ends with the loop then. */
    public Registration daemon() {
        scope.notKeptBy(callback);
        return this;
    }

    /**
     * Ends it: no call begins any more. One that is in progress on another thread comes to its end.
     */
    @Override
    public void close() {
        callback.end();
    }

    @Override
    public String toString() {
        return callback.toString();
    }
}
