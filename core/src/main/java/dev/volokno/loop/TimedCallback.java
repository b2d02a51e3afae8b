package dev.volokno.loop;

import dev.volokno.engine.Bound;
import dev.volokno.engine.Timer;
import dev.volokno.fiber.Scope;
import java.time.Duration;

/** A callback that a timer of the loop's calls. */
final class TimedCallback extends LoopCallback {
    private final TimerCallback callback;
    private final Timer timer = new Due();

    // Loop thread, after the first time.
    private long deadlineNanos;

    TimedCallback(Loop loop, Scope scope, Duration delay, TimerCallback callback) {
        super(loop, scope);
        this.callback = callback;
        deadlineNanos = engine().nanoTime() + Bound.nanos(delay);
    }

    @Override
    void arm() {
        engine().timers().arm(timer, deadlineNanos);
    }

    @Override
    protected void call() throws Exception {
        Duration next = callback.over();
        if (next.isNegative()) {
            end();
        } else if (!isEnded()) {
            deadlineNanos = engine().nanoTime() + Bound.nanos(next);
            arm();
        }
    }

    @Override
    protected void disarm() {
        engine().timers().cancel(timer);
    }

    private final class Due extends Timer {
        @Override
        protected void expired() {
            due();
        }
    }

    @Override
    public String toString() {
        return "a timer's callback " + callback;
    }
}
