package dev.volokno.benchmarks;

import dev.volokno.engine.Timer;
import dev.volokno.engine.TimerQueue;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** A deadline that is set and taken back, as every read with a timeout does. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(value = 1, jvmArgsAppend = "-XX:+UseSerialGC")
public class TimerBenchmark {
    private static final long SECOND_NANOS = 1_000_000_000;

    /** How many other timers are armed. */
    @Param({"0", "1000", "1000000"})
    public int others;

    private final TimerQueue queue = new TimerQueue();
    private final Timer timer = new Silent();
    private final SplittableRandom random = new SplittableRandom(1);

    private static final class Silent extends Timer {
        @Override
        protected void expired() {
            throw new AssertionError("nobody expires timers here");
        }
    }

    @Setup(Level.Trial)
    public void armOthers() {
        for (int i = 0; i < others; i++) {
            queue.arm(new Silent(), random.nextLong(SECOND_NANOS));
        }
    }

    @Benchmark
    public int armAndCancel() {
        queue.arm(timer, random.nextLong(SECOND_NANOS));
        queue.cancel(timer);
        return queue.size();
    }
}
