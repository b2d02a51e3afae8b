package dev.volokno.testing;

/** Tells with a failure how to see it again. */
final class SeedNote extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SeedNote(long seed) {
        super(
                "seed " + seed + ": -D" + TestLoop.SEED_PROPERTY + "=" + seed + " repeats it",
                null,
                false,
                false);
    }
}
