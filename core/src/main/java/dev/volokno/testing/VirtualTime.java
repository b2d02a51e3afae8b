package dev.volokno.testing;

import dev.volokno.backend.Backend;
import dev.volokno.backend.DelayingBackend;
import dev.volokno.backend.Operation;
import dev.volokno.engine.Engine;
import dev.volokno.engine.LoopTask;
import dev.volokno.engine.Steering;
import dev.volokno.engine.Strand;
import dev.volokno.fiber.Fiber;
import dev.volokno.loop.Loop;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The time and the chance of a tested loop. Time stands still while anything can run, and jumps to
 * the next timer when nothing can: no fiber is ready, two looks at the kernel have found nothing,
 * and nothing outside is known to be at work. Without a timer to jump to that is a deadlock.
 */
final class VirtualTime implements Steering {
    private static final int LOOKS = 2;

    /** So long, in real time, something outside that may be at work is waited for. */
    private static final long PATIENCE_NANOS = 50_000_000;

    /** Fibers that take so many steps between two jumps may wait for time to pass, so it does. */
    private static final int STEPS_WITHOUT_TIME = 10_000;

    private static final long NANOS_PER_STEP = 100_000;
    private static final Duration GRACE = Duration.ofSeconds(1);

    private final Random random;
    private final FaultSeam seam;
    private final Interference interference;
    private final long patienceNanos;
    private final Set<String> jdkWaits = new LinkedHashSet<>();

    private volatile long now;
    private @Nullable Loop loop;
    private @Nullable DelayingBackend backend;
    private @Nullable DeadlockError verdict;
    private boolean ending;
    private int looks;
    private int steps;
    private long lastSwitch = -1;
    private long idleSince;

    VirtualTime(Random random, FaultSeam seam, Interference interference, Duration patience) {
        this.random = random;
        this.seam = seam;
        this.interference = interference;
        patienceNanos = patience.toNanos();
    }

    DelayingBackend backend(DelayingBackend used) {
        backend = used;
        return used;
    }

    /** In the loop's first fiber. */
    void begin(Loop running) {
        loop = running;
    }

    /** The loop is on its way out: what its machinery does now is no fault's business. */
    void end() {
        ending = true;
    }

    @Override
    public long nanoTime() {
        return now;
    }

    private void pass(long nanos) {
        long later = now + nanos;
        now = later;
    }

    @Override
    public int next(int count) {
        return random.nextInt(count);
    }

    @Override
    public void checkpoint(Strand strand) {
        if (++steps > STEPS_WITHOUT_TIME) {
            pass(NANOS_PER_STEP);
        }
        if (interference.atCheckpoint(strand)) {
            strand.cancel();
        }
    }

    @Override
    public void waits(Strand strand) {
        Engine engine = strand.home();
        if (interference.atWait(strand) && engine != null) {
            // In the next turn: those who are ready run first.
            engine.post(new Cancel(strand));
        }
    }

    private record Cancel(Strand strand) implements LoopTask {
        @Override
        public void runOnLoop() {
            strand.cancel();
        }

        @Override
        public void abandoned() {
            // It has ended without.
        }
    }

    @Override
    public long begins(Operation operation, boolean mayWait) {
        Loop running = loop;
        return running == null || ending
                ? Backend.PENDING
                : seam.answer(operation, mayWait, running.engine());
    }

    @Override
    public long idle(long toFirst, long toFirstOfJdk) {
        Loop running = loop;
        if (running == null || isHolding() || isFirstLook(running)) {
            return 0;
        }
        var outside = new Outside(running);
        if (outside.isCalled()) {
            return toFirstOfJdk;
        }
        List<Fiber<?>> inJdk = outside.inJdkWaits();
        inJdk.forEach(fiber -> jdkWaits.add(CallSite.of(fiber.thread())));
        long toFirstReal = sooner(toFirstOfJdk, outside.toKernelTimer());
        if (toFirstReal >= 0) {
            return toFirstReal;
        }
        long patience =
                inJdk.isEmpty() && !outside.isMoving()
                        ? patienceNanos
                        : Math.max(patienceNanos, PATIENCE_NANOS);
        long left = patience - (System.nanoTime() - idleSince);
        if (left > 0) {
            return left;
        }
        looks = 0;
        steps = 0;
        if (toFirst >= 0) {
            pass(toFirst);
        } else if (outside.isAnythingLeftBehind()) {
            return toFirstOfJdk;
        } else {
            stop(running);
        }
        return 0;
    }

    /** The shorter one of two times, of which a negative one is for ever. */
    private static long sooner(long one, long other) {
        return one < 0 || other < 0 ? Math.max(one, other) : Math.min(one, other);
    }

    private boolean isHolding() {
        DelayingBackend used = backend;
        return used != null && used.isHolding();
    }

    /** Whether something has run since the last time, or the kernel was looked at too few times. */
    private boolean isFirstLook(Loop running) {
        long switches = running.engine().switchCount();
        if (switches != lastSwitch) {
            lastSwitch = switches;
            looks = 0;
        }
        if (looks == LOOKS) {
            return false;
        }
        looks++;
        idleSince = System.nanoTime();
        return true;
    }

    private void stop(Loop stuck) {
        if (verdict == null) {
            verdict = new DeadlockError(stuck.dump());
        }
        stuck.stop(GRACE);
    }

    @Nullable DeadlockError verdict() {
        return verdict;
    }

    /** Where fibers waited for something of the JDK's while nothing could run. */
    Set<String> jdkWaits() {
        return jdkWaits;
    }
}
