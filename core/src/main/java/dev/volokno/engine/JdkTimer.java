package dev.volokno.engine;

import java.util.concurrent.CancellationException;
import java.util.concurrent.Delayed;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A timed wait of the JDK's own ({@code Thread.sleep}, {@code parkNanos}, timed {@code
 * Object.wait}) as a timer of the loop.
 */
final class JdkTimer extends Timer implements ScheduledFuture<Object>, LoopTask {
    private final Engine engine;
    private final Runnable command;
    private volatile boolean cancelled;
    private volatile boolean done;

    JdkTimer(Engine engine, Runnable command) {
        this.engine = engine;
        this.command = command;
    }

    @Override
    protected void expired() {
        if (!cancelled) {
            done = true;
            command.run();
        }
    }

    /** The thread that waited runs again; nearly always that is the loop's. */
    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        if (done || cancelled) {
            return false;
        }
        cancelled = true;
        engine.execute(this);
        return true;
    }

    @Override
    public void runOnLoop() {
        engine.timers().cancel(this);
    }

    @Override
    public void abandoned() {
        // Its timer went elsewhere when the loop ended, and finds it cancelled there.
    }

    @Override
    public boolean isCancelled() {
        return cancelled;
    }

    @Override
    public boolean isDone() {
        return done || cancelled;
    }

    @Override
    public @Nullable Object get() throws ExecutionException {
        if (cancelled) {
            throw new CancellationException();
        }
        if (!done) {
            throw new UnsupportedOperationException("nobody waits for a timer of the JDK");
        }
        return null;
    }

    @Override
    public @Nullable Object get(long timeout, TimeUnit unit) throws ExecutionException {
        return get();
    }

    @Override
    public long getDelay(TimeUnit unit) {
        return unit.convert(deadlineNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
    }

    @Override
    public int compareTo(Delayed other) {
        return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
    }
}
