package dev.volokno.benchmarks;

import dev.volokno.loop.Loop;
import dev.volokno.loop.LoopOptions;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * A loop that lives as long as a trial. What is measured runs in a fiber of it, many operations an
 * invocation, so that the way there and back does not count.
 */
@State(Scope.Benchmark)
public class RunningLoop {
    @Param({"io_uring", "epoll"})
    public String backend;

    private Loop loop;

    @Setup(Level.Trial)
    public void start() {
        loop = Loop.start(LoopOptions.defaults().withBackend(backend));
    }

    @TearDown(Level.Trial)
    public void close() {
        loop.close();
    }

    /** Runs {@code body} in a fiber and waits for its result. */
    public <T> T call(Callable<T> body) throws ExecutionException {
        return loop.submit(body).join();
    }

    Loop loop() {
        return loop;
    }
}
