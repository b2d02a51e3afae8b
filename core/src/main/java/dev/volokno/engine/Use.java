package dev.volokno.engine;

import org.jspecify.annotations.Nullable;

/** Something that stays open while its user is inside, and inside what. */
public record Use(Object held, @Nullable Use outer) {
    /** Whether {@code held} is this or one further out. */
    public static boolean includes(@Nullable Use innermost, Object held) {
        Use use = innermost;
        while (use != null && use.held != held) {
            use = use.outer;
        }
        return use != null;
    }
}
