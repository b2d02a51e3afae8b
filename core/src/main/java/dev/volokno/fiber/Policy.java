package dev.volokno.fiber;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What a {@link Scope} does when one of its fibers fails. */
public final class Policy {
    private static final Policy FAIL_FAST = new Policy(null);

    private final @Nullable Consumer<? super Throwable> handler;

    private Policy(@Nullable Consumer<? super Throwable> handler) {
        this.handler = handler;
    }

    /** The others are cancelled, and the scope throws the failure. */
    public static Policy failFast() {
        return FAIL_FAST;
    }

    /**
     * The others go on. The failure goes to those who wait for the fiber's end, and to {@code
     * handler} if nobody does; it is called in the fiber that failed, and what it throws is the
     * scope's own failure.
     */
    public static Policy supervise(Consumer<? super Throwable> handler) {
        return new Policy(handler);
    }

    boolean supervises() {
        return handler != null;
    }

    void report(Throwable failure) {
        if (handler != null) {
            handler.accept(failure);
        }
    }
}
