package dev.volokno.engine;

/** Cancels a strand's operation in progress, unless that has ended meanwhile. */
record CancelWait(Strand strand, Engine engine, KernelWait inProgress) implements LoopTask {
    @Override
    public void runOnLoop() {
        strand.end(inProgress, engine);
    }

    @Override
    public void abandoned() {
        // The loop completes its operations before it ends.
    }
}
