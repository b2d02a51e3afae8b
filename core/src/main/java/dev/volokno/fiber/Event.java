package dev.volokno.fiber;

import dev.volokno.engine.Place;
import java.io.IOException;

/**
 * Something a {@link Select} can wait for beside others: an element of a channel, the end of a
 * fiber, the readiness of a descriptor. Nothing is begun or taken before it is waited for. Used by
 * one select at a time.
 *
 * @param <T> what comes of it
 */
public abstract class Event<T> {
    /**
     * Creates one.
     *
     * @hidden for the kinds of this module
     */
    protected Event() {}

    /**
     * Takes it, if that needs no wait.
     *
     * @hidden for {@link Select} alone
     */
    protected abstract boolean tryTake() throws IOException;

    /**
     * Begins to wait: whoever brings it about fills {@code place}, and only if that succeeds it is
     * taken. It may be there already.
     *
     * @hidden for {@link Select} alone
     */
    @SuppressWarnings("exports") // nobody else can name the type
    protected abstract void begin(Place place) throws IOException;

    /**
     * Waits no more, whether its place was filled or not.
     *
     * @hidden for {@link Select} alone
     */
    protected abstract void end();

    /**
     * Whether the filled place has brought it; if not, somebody else was faster after all.
     *
     * @hidden for {@link Select} alone
     */
    protected abstract boolean isTaken() throws IOException;

    /**
     * What was taken.
     *
     * @hidden for {@link Select} alone
     */
    protected abstract T value();
}
