package dev.volokno.engine;

import dev.volokno.backend.Completion;
import dev.volokno.backend.Operation;
import org.jspecify.annotations.Nullable;

/**
 * An operation whose end fills a place, while the thread that waits may be waiting for other things
 * too. From any thread; the work is done on the loop that drives it.
 */
public final class PlaceWait implements Completion {
    private final Engine engine;
    private final Operation operation;
    private final Place place;
    private final boolean remote;
    private final Runnable whenOver;

    // Written before the place is filled, read after.
    private long result;

    /**
     * {@code whenOver} runs when the kernel has no more to do with it, before the place is filled.
     */
    public PlaceWait(Engine engine, Operation operation, Place place, Runnable whenOver) {
        this.engine = engine;
        this.operation = operation;
        this.place = place;
        this.whenOver = whenOver;
        remote = Strand.current().home() != engine;
    }

    public void begin() {
        engine.execute(new Begin());
    }

    /** Ends it if it has not ended; the place may be filled all the same. */
    public void end() {
        engine.execute(new End());
    }

    /** How the operation ended, once the place is filled by it. */
    public long result() {
        return result;
    }

    @Override
    public void completed(@Nullable Operation completed, long answer) {
        engine.ended(remote);
        over(answer);
    }

    private void over(long answer) {
        result = answer;
        whenOver.run();
        place.fill();
    }

    private final class Begin implements LoopTask {
        @Override
        public void runOnLoop() {
            engine.startFor(PlaceWait.this, operation, remote);
        }

        @Override
        public void abandoned() {
            over(Engine.ENDED);
        }
    }

    private final class End implements LoopTask {
        @Override
        public void runOnLoop() {
            operation.cancelIn(engine.backend());
        }

        @Override
        public void abandoned() {
            // The loop completes its operations before it ends.
        }
    }
}
