package dev.volokno.fiber;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What a {@link Scope} does when one of its fibers fails. */
public final class ScopePolicy {
    private static final ScopePolicy FAIL_FAST = new ScopePolicy(null);

    private final @Nullable Consumer<? super Throwable> handler;

    private ScopePolicy(@Nullable Consumer<? super Throwable> handler) {
        this.handler = handler;
    }

    /** The others are cancelled, and the scope throws the failure. */
    public static ScopePolicy failFast() {
        return FAIL_FAST;
    }

    /**
     * The others go on. The failure goes to those who wait for the fiber's end, and to {@code
     * handler} if nobody does; it is called in the fiber that failed, and what it throws is the
     * scope's own failure.
     */
    public static ScopePolicy supervise(Consumer<? super Throwable> handler) {
        return new ScopePolicy(handler);
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
