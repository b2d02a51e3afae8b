package dev.volokno.loop;

import dev.volokno.backend.LateBackend;

/** Loops whose kernel has no answer at once. */
public final class LateLoops {
    private LateLoops() {}

    public static LoopOptions late(LoopOptions options) {
        return options.withDecoration(LateBackend::new);
    }

    /** And which transfers single bytes. */
    public static LoopOptions byByte(LoopOptions options) {
        return options.withDecoration(backend -> new LateBackend(backend, 1));
    }
}
