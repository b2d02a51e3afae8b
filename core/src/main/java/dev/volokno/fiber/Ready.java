package dev.volokno.fiber;

import dev.volokno.engine.Cell;
import org.jspecify.annotations.Nullable;

/**
 * What a fiber that was begun by {@link Scope#start} says once it is ready.
 *
 * @param <R> what its starter gets
 */
public final class Ready<R> {
    private final Cell told;
    private volatile boolean said;
    private @Nullable R value;

    Ready(Cell told) {
        this.told = told;
    }

    /**
     * Lets the starter go on with {@code result}.
     *
     * @throws IllegalStateException if that was said before
     */
    public void with(R result) {
        if (said) {
            throw new IllegalStateException("already said to be ready, with " + value);
        }
        value = result;
        said = true;
        told.fill();
    }

    /** The fiber has ended: nothing more will be said. */
    void ended() {
        told.fill();
    }

    /** Filled when it is said, or never will be. */
    Cell told() {
        return told;
    }

    boolean isSaid() {
        return said;
    }

    @SuppressWarnings("NullAway") // null only if that was said
    R value() {
        return value;
    }
}
