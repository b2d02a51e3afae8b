package dev.volokno.testing;

import dev.volokno.backend.DelayingBackend;
import dev.volokno.descriptor.Descriptor;
import dev.volokno.descriptor.Owned;
import dev.volokno.engine.Engine;
import dev.volokno.fiber.Action;
import dev.volokno.loop.Loop;
import dev.volokno.loop.LoopOptions;
import dev.volokno.loop.Rigging;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A body's one run on a loop with a seed, and what came of it. */
final class TestRun {
    private final TestLoop options;
    private final long seed;
    private final Interference interference;
    private final VirtualTime time;
    private final Random order;
    private final FaultSeam seam;
    private final List<String> leaks = new ArrayList<>();
    private @Nullable Throwable thrown;

    TestRun(TestLoop options, long seed, Faults faults, Interference interference) {
        this.options = options;
        this.seed = seed;
        this.interference = interference;
        var random = new Random(seed);
        order = new Random(random.nextLong());
        seam = new FaultSeam(faults, new Random(random.nextLong()));
        time = new VirtualTime(random, seam, interference, options.patience());
    }

    /** Runs it to its end. */
    TestRun of(Action<? extends Exception> body) {
        var rigging =
                new Rigging(
                        plain -> time.backend(new DelayingBackend(plain, seam, order)),
                        time,
                        this::ended);
        LoopOptions loopOptions =
                LoopOptions.defaults().withBackend(options.backend()).rigged(rigging);
        try {
            Loop.run(
                    loopOptions,
                    () -> {
                        time.begin(Loop.current());
                        body.run();
                    });
        } catch (Throwable t) {
            thrown = t;
        }
        return this;
    }

    private void ended(Engine engine) {
        time.end();
        for (Descriptor descriptor : Owned.of(engine)) {
            // A closed one is there as long as a call goes on that was left behind.
            if (descriptor.isOpen()) {
                leaks.add(descriptor + ", opened at " + descriptor.birthplace());
            }
        }
    }

    /**
     * What it failed by: a deadlock, what the body threw, or what it left open; null if nothing.
     */
    @Nullable Throwable failure() {
        DeadlockError deadlock = time.verdict();
        Throwable failure = deadlock != null ? deadlock : thrown;
        if (failure == null && !leaks.isEmpty()) {
            failure = new AssertionError("left open: " + String.join("; ", leaks));
        } else if (failure != null && !leaks.isEmpty()) {
            failure.addSuppressed(new AssertionError("left open: " + String.join("; ", leaks)));
        }
        return failure;
    }

    /** What the body threw. */
    @Nullable Throwable thrown() {
        return time.verdict() != null ? time.verdict() : thrown;
    }

    List<String> leaks() {
        return leaks;
    }

    Interference interference() {
        return interference;
    }

    Set<String> jdkWaits() {
        return time.jdkWaits();
    }

    /**
     * {@code failure} with the seed that brings it about, and where the run was interfered with.
     */
    <T extends Throwable> T noted(T failure) {
        Throwable place = interference.place();
        if (place != null) {
            failure.addSuppressed(place);
        }
        failure.addSuppressed(new SeedNote(seed));
        return failure;
    }
}
