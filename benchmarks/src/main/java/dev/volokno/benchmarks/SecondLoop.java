package dev.volokno.benchmarks;

import dev.volokno.loop.Loop;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Another loop beside the one that is measured. */
@State(Scope.Benchmark)
public class SecondLoop {
    private Loop loop;

    @Setup(Level.Trial)
    public void start() {
        loop = Loop.start();
    }

    @TearDown(Level.Trial)
    public void close() {
        loop.close();
    }

    Loop loop() {
        return loop;
    }
}
