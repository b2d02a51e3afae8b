package dev.volokno.engine;

import dev.volokno.backend.Outlet;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * An engine that another event loop drives, on the thread that made this. Between two steps the
 * engine is on no thread: whatever anybody wants of it, the driver included, goes through the inbox
 * and makes the outlet readable. So nothing depends on what the driver does meanwhile.
 *
 * <pre>
 *   step:  turn, and turn again while something can be done at once (a bounded number of times)
 *   rest:  clear the outlet; put the sleeping flag up; look at the inbox, the ready fibers, the ring;
 *          nothing there: arm the timer. Something there: write to the wake-up.
 * </pre>
 *
 * <p>Clearing comes first. What comes before the look is seen by it, what comes after makes the
 * outlet readable anew; nothing falls in between.
 */
public final class Embedding {
    /** A burst ends in time for whatever else the driver has to do. */
    private static final int TURNS_OF_A_STEP = 16;

    private final Engine engine;
    private final Outlet outlet;
    private final Strand driver = Strand.current();
    private boolean inStep;

    public Embedding(Engine engine) throws IOException {
        this.engine = engine;
        outlet = new Outlet(engine.backend());
        driver.use(new Use(this, driver.use(), false));
    }

    /** The descriptor that is readable when a step is due. */
    public int number() {
        return outlet.number();
    }

    /** Whose thread makes the steps. */
    public Thread driver() {
        return driver.thread();
    }

    public boolean isInStep() {
        return inStep;
    }

    /**
     * Turns, waiting up to {@code longestNanos} (negative: for ever) if there is nothing to do at
     * first; false when nothing keeps the engine running any more.
     */
    public boolean step(long longestNanos) {
        @Nullable Engine before = enter();
        try {
            engine.turn(longestNanos);
            for (int i = 1; i < TURNS_OF_A_STEP && hasMore(); i++) {
                engine.turn(0);
            }
            return engine.keepsRunning();
        } finally {
            leave(before);
            rest();
        }
    }

    private boolean hasMore() {
        return engine.keepsRunning() && (engine.hasMore() || outlet.hasMore());
    }

    private void rest() {
        outlet.clear();
        long nanos = engine.restUntilNext();
        if (nanos == 0 || outlet.hasMore()) {
            engine.wakeUp();
        } else if (nanos < 0) {
            outlet.tellNoTime();
        } else {
            outlet.tellAt(engine.timers().firstNanos(), nanos);
        }
    }

    /** Runs {@code ending} as a last step, after which there is no engine. */
    public void end(Runnable ending) {
        @Nullable Engine before = enter();
        try {
            ending.run();
        } finally {
            leave(before);
            driver.use(Use.without(driver.use(), this));
            outlet.close();
        }
    }

    private @Nullable Engine enter() {
        inStep = true;
        return engine.enterThread();
    }

    private void leave(@Nullable Engine before) {
        engine.leaveThread(before);
        inStep = false;
    }

    @Override
    public String toString() {
        return "the thread that steps an embedded loop";
    }
}
