package dev.volokno.engine;

import org.jspecify.annotations.Nullable;

/**
 * Something that stays open while its user is inside, and inside what.
 *
 * @param mayWait whether waits of the library are possible in there
 */
public record Use(Object held, @Nullable Use outer, boolean mayWait) {
    /** One in which waits are possible. */
    public Use(Object held, @Nullable Use outer) {
        this(held, outer, true);
    }

    /** Whether {@code held} is this or one further out. */
    public static boolean includes(@Nullable Use innermost, Object held) {
        Use use = innermost;
        while (use != null && use.held != held) {
            use = use.outer;
        }
        return use != null;
    }

    /** The same uses but for that of {@code held}. */
    static @Nullable Use without(@Nullable Use innermost, Object held) {
        if (innermost == null || innermost.held == held) {
            return innermost == null ? null : innermost.outer;
        }
        return new Use(innermost.held, without(innermost.outer, held), innermost.mayWait);
    }

    /** Whether waits are possible in here and further out. */
    boolean allowsWaits() {
        return forbidding() == null;
    }

    /** Throws if a wait must not begin in here. */
    void refuseWait() {
        Use forbidding = forbidding();
        if (forbidding != null) {
            throw new IllegalStateException(
                    "nothing waits inside a call of "
                            + forbidding.held
                            + ": keep what came, and deal with it in a fiber (Loop.submit)");
        }
    }

    private @Nullable Use forbidding() {
        Use use = this;
        while (use != null && use.mayWait) {
            use = use.outer;
        }
        return use;
    }
}
