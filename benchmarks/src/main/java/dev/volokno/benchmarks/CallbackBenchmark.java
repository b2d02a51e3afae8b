package dev.volokno.benchmarks;

import dev.volokno.fiber.Channel;
import dev.volokno.fiber.Fiber;
import dev.volokno.loop.Conditions;
import dev.volokno.loop.Registration;
import dev.volokno.loop.TimerCallback;
import dev.volokno.loop.WatchCallback;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * 64 bytes that go to and fro between two who wait for them: callbacks, fibers that do the same
 * calls, and fibers as one writes them. One operation is one event: a wait, a read, a write.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 4, time = 1)
@Fork(value = 1, jvmArgsAppend = "-XX:+UseSerialGC")
public class CallbackBenchmark {
    private static final int COUNT = 10_000;
    private static final int LENGTH = 64;
    private static final Duration SHORTEST = Duration.ofNanos(1);

    @Param({"PIPE", "UNIX"})
    public StreamPair.Kind kind;

    private StreamPair there;
    private StreamPair back;
    private ByteBuffer one;
    private ByteBuffer other;
    private int left;

    /** One party: waits for the message, and sends it on until it has gone far enough. */
    private interface Party {
        boolean sendOn(StreamPair from, StreamPair to, ByteBuffer message) throws IOException;
    }

    @Setup(Level.Trial)
    public void open(RunningLoop loop) throws Exception {
        there = loop.call(() -> StreamPair.open(kind));
        back = loop.call(() -> StreamPair.open(kind));
        one = ByteBuffer.allocateDirect(LENGTH);
        other = ByteBuffer.allocateDirect(LENGTH);
    }

    /** Two watches. */
    @Benchmark
    @OperationsPerInvocation(COUNT)
    public int callbacks(RunningLoop loop) throws Exception {
        return loop.call(() -> {
            left = COUNT;
            var done = Channel.<Boolean>bounded(1);
            var first = watch(loop, there, back, done);
            var second = watch(loop, back, there, done);
            there.sink().write(ByteBuffer.allocateDirect(LENGTH));
            done.receive();
            first.close();
            second.close();
            return COUNT;
        });
    }

    private Registration watch(
            RunningLoop loop, StreamPair from, StreamPair to, Channel<Boolean> done)
            throws IOException {
        WatchCallback sendOn =
                _ -> {
                    if (tryToSendOn(from, to, one)) {
                        return Conditions.READABLE;
                    }
                    done.trySend(true);
                    return Conditions.NONE;
                };
        return loop.loop().watch(from.source().fd(), Conditions.READABLE, sendOn);
    }

    private boolean tryToSendOn(StreamPair from, StreamPair to, ByteBuffer message)
            throws IOException {
        from.source().tryRead(message.clear());
        if (--left <= 0) {
            return false;
        }
        to.sink().tryWrite(message.flip());
        return true;
    }

    /** Two fibers that wait for readiness, and then make the callbacks' calls. */
    @Benchmark
    @OperationsPerInvocation(COUNT)
    public int fibersThatAwaitReadiness(RunningLoop loop) throws Exception {
        return between(
                loop,
                (from, to, message) -> {
                    from.source().fd().awaitReadable();
                    return tryToSendOn(from, to, message);
                });
    }

    /** Two fibers that read and write. */
    @Benchmark
    @OperationsPerInvocation(COUNT)
    public int fibers(RunningLoop loop) throws Exception {
        return between(
                loop,
                (from, to, message) -> {
                    from.source().read(message.clear());
                    if (--left <= 0) {
                        return false;
                    }
                    to.sink().write(message.flip());
                    return true;
                });
    }

    private int between(RunningLoop loop, Party party) throws Exception {
        return loop.call(() -> {
            left = COUNT;
            var done = Channel.<Boolean>bounded(1);
            var first =
                    Fiber.start(() -> {
                        play(() -> party.sendOn(there, back, one), done);
                    });
            var second =
                    Fiber.start(() -> {
                        play(() -> party.sendOn(back, there, other), done);
                    });
            there.sink().write(ByteBuffer.allocateDirect(LENGTH));
            done.receive();
            first.cancel();
            second.cancel();
            return COUNT;
        });
    }

    private static void play(Callable<Boolean> step, Channel<Boolean> done) throws Exception {
        boolean goesOn = true;
        while (goesOn) {
            goesOn = step.call();
        }
        done.trySend(true);
    }

    /** A timer of 1 ns, again and again. */
    @Benchmark
    @OperationsPerInvocation(COUNT)
    public int timer(RunningLoop loop) throws Exception {
        return loop.call(() -> {
            left = COUNT;
            var done = Channel.<Boolean>bounded(1);
            loop.loop()
                    .after(
                            SHORTEST,
                            () -> {
                                if (--left > 0) {
                                    return SHORTEST;
                                }
                                done.trySend(true);
                                return TimerCallback.END;
                            });
            done.receive();
            return COUNT;
        });
    }

    /** A fiber that sleeps as long. */
    @Benchmark
    @OperationsPerInvocation(COUNT)
    public int sleepingFiber(RunningLoop loop) throws Exception {
        return loop.call(() -> {
            for (int i = 0; i < COUNT; i++) {
                Fiber.sleep(SHORTEST);
            }
            return COUNT;
        });
    }
}
