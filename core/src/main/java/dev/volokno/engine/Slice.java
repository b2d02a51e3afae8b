package dev.volokno.engine;

/**
 * How long a fiber has run without letting others: calls that succeed at once do not park, and so
 * are counted.
 */
final class Slice {
    private static final int CALLS = 128;
    private static final long NANOS = 500_000;

    private long beganAtSwitch = -1;
    private long beganAtNanos;
    private int callsLeft;

    /**
     * Counts a call; whether the others are to have their turn now. The engine's switches tell one
     * slice from the next.
     */
    boolean isUsedUp(Engine engine) {
        long switches = engine.switches();
        if (switches != beganAtSwitch) {
            beganAtSwitch = switches;
            callsLeft = CALLS;
            return false;
        }
        if (callsLeft-- == CALLS) {
            // The clock is only looked at from the second call on: most slices have one.
            beganAtNanos = engine.nanoTime();
            return false;
        }
        return callsLeft <= 0 || engine.nanoTime() - beganAtNanos > NANOS;
    }
}
