package dev.volokno.engine;

import dev.volokno.backend.Backend;
import dev.volokno.backend.Operation;

/** Begins an operation for a strand that does not run on the loop. */
record RemoteStart(Strand strand, Engine engine, Operation operation, KernelWait inProgress)
        implements LoopTask {
    @Override
    public void runOnLoop() {
        long answer = engine.startRemote(inProgress, operation);
        if (answer != Backend.PENDING) {
            inProgress.finish(answer);
        } else {
            strand.end(inProgress, engine);
        }
    }

    @Override
    public void abandoned() {
        inProgress.finish(Engine.ENDED);
    }
}
