package dev.volokno.engine;

import java.util.concurrent.Callable;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * The scheduler the JDK sees. Being a {@link ForkJoinPool} makes a virtual thread ask {@link
 * #schedule} for its timed waits, so that they are timers of the loop; no worker thread is ever
 * started.
 */
final class LoopScheduler extends ForkJoinPool {
    private final Engine engine;

    LoopScheduler(Engine engine) {
        super(1);
        this.engine = engine;
    }

    @Override
    public void execute(Runnable continuation) {
        engine.resume(continuation);
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
        JdkTimer timer = new JdkTimer(engine, command);
        engine.arm(timer, unit.toNanos(delay));
        return timer;
    }

    @Override
    public <V> ScheduledFuture<V> schedule(Callable<V> task, long delay, TimeUnit unit) {
        throw new UnsupportedOperationException(
                "the loop schedules virtual threads and nothing else");
    }
}
