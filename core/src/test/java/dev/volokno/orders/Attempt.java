package dev.volokno.orders;

import dev.volokno.CancelledException;
import dev.volokno.DeadlineException;
import dev.volokno.SystemCallException;
import dev.volokno.fiber.Call;
import dev.volokno.fiber.Deadline;
import dev.volokno.fiber.Fiber;
import dev.volokno.loop.Loop;
import dev.volokno.support.StreamPair;
import dev.volokno.support.Waiting;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;

/** One call that waits, and what happens to it in some order. */
abstract class Attempt {
    private static final long PATIENCE_NANOS = 5_000_000_000L;
    private static final Duration STEP = Duration.ofNanos(50_000);

    /** The stream that the call is on is closed by CLOSE, the other one by HANG_UP. */
    final StreamPair pair;

    private final Duration allowed;
    private volatile long earliestEnd;
    private volatile long latestEnd;
    private Fiber<Outcome> caller;

    /** What was to arrive did. */
    volatile boolean arrived;

    /** The time was over before its turn. */
    private volatile boolean disordered;

    Attempt(StreamPair pair, Duration allowed) {
        this.pair = pair;
        this.allowed = allowed;
    }

    /** The call; whether it did what it was to do, rather than that the stream has ended. */
    abstract boolean call() throws IOException;

    /** What lets the call do it. */
    abstract void arrive() throws IOException;

    abstract void close() throws IOException;

    abstract void hangUp() throws IOException;

    /** Lets it all happen; null if the time was over at a wrong moment. */
    Outcome run(Order order, Order.Spacing spacing) throws Exception {
        boolean timed = order.has(Happening.TIMEOUT);
        caller = Fiber.start(() -> outcome(timed ? allowed : Duration.ofHours(1)));
        pause();
        until(() -> hasEnded() || earliestEnd != 0 && isParked());
        if (hasEnded()) {
            return null;
        }
        var happening = new ArrayList<Fiber<?>>();
        for (Happening next : order.happenings()) {
            happening.add(Fiber.start(() -> happen(next, order)));
            if (spacing == Order.Spacing.SETTLED && !hasEnded()) {
                until(this::hasEnded);
                disordered = next != Happening.TIMEOUT && isTimeOver();
            }
        }
        until(() -> hasEnded() && allEnded(happening));
        Outcome outcome = caller.join();
        // It may have been late in earnest while others happened.
        boolean early = outcome == Outcome.LATE && !order.outcomes(spacing).contains(outcome);
        return disordered || early ? null : outcome;
    }

    private boolean isParked() {
        return Waiting.isParked(caller);
    }

    private static boolean allEnded(List<Fiber<?>> fibers) {
        return fibers.stream().allMatch(fiber -> fiber.state() != Future.State.RUNNING);
    }

    boolean hasEnded() {
        return caller.state() != Future.State.RUNNING;
    }

    private void happen(Happening what, Order order) throws IOException {
        switch (what) {
            case ARRIVAL -> arrived = isDone(this::arrive);
            case CANCEL -> caller.cancel();
            case CLOSE -> close();
            case TIMEOUT -> {
                if (order.happenings().getFirst() != what && !hasEnded()) {
                    disordered = isTimeOver();
                }
                passTime();
            }
            case HANG_UP -> hangUp();
        }
    }

    private interface Step {
        void run() throws IOException;
    }

    /** Whether what was to arrive could; not if one of the two streams is closed. */
    private static boolean isDone(Step step) throws IOException {
        try {
            step.run();
            return true;
        } catch (ClosedChannelException | SystemCallException closed) {
            return false;
        }
    }

    private boolean isTimeOver() {
        return now() - earliestEnd >= 0;
    }

    private void passTime() {
        while (!hasEnded() && now() - latestEnd < 0) {
            if (isTimeSteered()) {
                Fiber.sleep(STEP);
            } else {
                Thread.onSpinWait();
            }
        }
    }

    /** The time that the call's deadline goes by. */
    private static long now() {
        return Loop.current().engine().nanoTime();
    }

    /** Time stands still while anything runs, so that who waits must rest. */
    private static boolean isTimeSteered() {
        return Loop.current().engine().isSteered();
    }

    /** Lets others run. */
    static void pause() {
        if (isTimeSteered()) {
            Fiber.sleep(STEP);
        } else {
            Fiber.yield();
        }
    }

    private Outcome outcome(Duration time) throws IOException {
        long nanos = time.toNanos();
        long before = now() + nanos;
        Call<Outcome, IOException> body =
                () -> {
                    latestEnd = now() + nanos;
                    earliestEnd = before;
                    return call() ? Outcome.DONE : Outcome.ENDED;
                };
        try {
            return Deadline.within(time, body);
        } catch (CancelledException e) {
            return Outcome.CANCELLED;
        } catch (DeadlineException e) {
            return Outcome.LATE;
        } catch (ClosedChannelException e) {
            return Outcome.CLOSED;
        } catch (SystemCallException e) {
            return Outcome.ENDED;
        }
    }

    static void until(BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("hangs\n" + Loop.current().dump());
            }
            pause();
        }
    }

    /** Looks at what is left. */
    abstract void check(Order order, Outcome outcome, Line line)
            throws IOException, ExecutionException;
}
