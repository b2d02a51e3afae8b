package dev.volokno.benchmarks;

import dev.volokno.fiber.Channel;
import dev.volokno.fiber.Fiber;
import dev.volokno.fiber.Select;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Warmup;

/** Scopes, channels and select by themselves. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 4, time = 1)
@Fork(value = 1, jvmArgsAppend = "-XX:+UseSerialGC")
public class ScopeBenchmark {
    private static final int COUNT = 10_000;
    private static final Duration LONG = Duration.ofDays(1);

    /** A scope with one fiber that is joined. */
    @Benchmark
    @OperationsPerInvocation(COUNT)
    public int scopeForkAndJoin(RunningLoop loop) throws Exception {
        return loop.call(() -> {
            int sum = 0;
            for (int i = 0; i < COUNT; i++) {
                sum += dev.volokno.fiber.Scope.run(scope -> scope.fork(() -> 1).join());
            }
            return sum;
        });
    }

    /** An element from one fiber to another of the same loop, which waits for it. */
    @Benchmark
    @OperationsPerInvocation(COUNT)
    public int rendezvous(RunningLoop loop) throws Exception {
        return loop.call(() -> handOver(Channel.rendezvous()));
    }

    /** The same with room for 64. */
    @Benchmark
    @OperationsPerInvocation(COUNT)
    public int bounded(RunningLoop loop) throws Exception {
        return loop.call(() -> handOver(Channel.bounded(64)));
    }

    private static int handOver(Channel<Integer> channel) {
        Fiber.start(() -> send(channel));
        return receive(channel);
    }

    private static void send(Channel<Integer> channel) {
        for (int i = 0; i < COUNT; i++) {
            channel.send(1);
        }
    }

    private static int receive(Channel<Integer> channel) {
        int sum = 0;
        for (int i = 0; i < COUNT; i++) {
            sum += channel.receive();
        }
        return sum;
    }

    /** From a fiber of another loop, which runs on a thread of its own. */
    @Benchmark
    @OperationsPerInvocation(COUNT)
    public int boundedBetweenTwoLoops(RunningLoop loop, SecondLoop second) throws Exception {
        var channel = Channel.<Integer>bounded(64);
        second.loop().submit(() -> send(channel));
        return loop.call(() -> receive(channel));
    }

    /** One of two channels, readiness and time; an element comes each time, and is waited for. */
    @Benchmark
    @OperationsPerInvocation(COUNT)
    public int selectOfFour(RunningLoop loop) throws Exception {
        return loop.call(() -> {
            var left = Channel.<Integer>rendezvous();
            var right = Channel.<Integer>rendezvous();
            try (StreamPair silent = StreamPair.open(StreamPair.Kind.PIPE)) {
                Fiber.start(() -> send(left));
                return select(left, right, silent);
            }
        });
    }

    private static int select(Channel<Integer> left, Channel<Integer> right, StreamPair silent)
            throws Exception {
        int sum = 0;
        for (int i = 0; i < COUNT; i++) {
            sum +=
                    Select.<Integer>first(
                            Select.when(left.receiving(), element -> element),
                            Select.when(right.receiving(), element -> element),
                            Select.when(silent.source().fd().readable(), _ -> failed()),
                            Select.after(LONG, () -> failed()));
        }
        return sum;
    }

    private static int failed() throws IOException {
        throw new IOException("nothing was to come from there");
    }
}
