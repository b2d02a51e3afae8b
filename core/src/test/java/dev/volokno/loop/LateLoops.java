package dev.volokno.loop;

import dev.volokno.backend.LateBackend;

/** Loops whose kernel has no answer at once. */
public final class LateLoops {
    private LateLoops() {}

    public static LoopOptions late(LoopOptions options) {
        return options.withDecoration(LateBackend::new);
    }
}
