package dev.volokno.loop;

import dev.volokno.engine.Polled;

/** What {@link Loop#watch} can watch: a {@code Fd} or a {@code BorrowedFd}. */
public interface Pollable {
    /**
     * What a watch asks.
     *
     * @hidden for {@link Loop#watch} alone
     */
    @SuppressWarnings("exports") // nobody else can name the type
    Polled polled();
}
