package dev.volokno.engine;

import java.util.Locale;

/** Times for people to read. */
public final class Age {
    private static final double NANOS_PER_SECOND = 1e9;

    private Age() {}

    /** {@code nanos} in seconds, with a tenth: {@code 3.2 s}. */
    public static String seconds(long nanos) {
        return String.format(Locale.ROOT, "%.1f s", nanos / NANOS_PER_SECOND);
    }
}
