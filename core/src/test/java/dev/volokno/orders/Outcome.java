package dev.volokno.orders;

/** How a call on a stream ends, each by the {@link Happening} of the same place. */
enum Outcome {
    DONE,
    CANCELLED,
    CLOSED,
    LATE,
    ENDED;

    static Outcome of(Happening happening) {
        return values()[happening.ordinal()];
    }
}
