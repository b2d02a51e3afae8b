package dev.volokno.benchmarks;

import dev.volokno.fd.ByteStream;
import java.io.IOException;
import java.nio.ByteBuffer;
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

/** 64 bytes through a stream, both ends on one loop. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 4, time = 1)
@Fork(value = 1, jvmArgsAppend = "-XX:+UseSerialGC")
public class StreamBenchmark {
    private static final int COUNT = 10_000;
    private static final int LENGTH = 64;

    @Param({"PIPE", "TCP"})
    public StreamPair.Kind kind;

    /** A heap buffer cannot be given to a ring: other paths. */
    @Param({"true", "false"})
    public boolean direct;

    private StreamPair there;
    private StreamPair back;
    private ByteBuffer message;

    @Setup(Level.Trial)
    public void open(RunningLoop loop) throws Exception {
        there = loop.call(() -> StreamPair.open(kind));
        back = loop.call(() -> StreamPair.open(kind));
        message = buffer();
        loop.loop().submit(this::echo);
    }

    private ByteBuffer buffer() {
        return direct ? ByteBuffer.allocateDirect(LENGTH) : ByteBuffer.allocate(LENGTH);
    }

    private void echo() throws IOException {
        ByteBuffer echoed = buffer();
        while (there.source().read(echoed.clear()) >= 0) {
            back.sink().write(echoed.flip());
        }
    }

    /** Two writes, and two reads that have to wait. */
    @Benchmark
    @OperationsPerInvocation(COUNT)
    public int roundTrip(RunningLoop loop) throws Exception {
        return loop.call(() -> {
            for (int i = 0; i < COUNT; i++) {
                there.sink().write(message.clear());
                back.source().readFully(message.clear());
            }
            return COUNT;
        });
    }

    /** One write, and one read that finds the bytes. */
    @Benchmark
    @OperationsPerInvocation(COUNT)
    public int writeThenRead(RunningLoop loop) throws Exception {
        return loop.call(() -> {
            ByteStream sink = back.sink();
            ByteStream source = back.source();
            for (int i = 0; i < COUNT; i++) {
                sink.write(message.clear());
                source.readFully(message.clear());
            }
            return COUNT;
        });
    }

    /** Like {@link #writeThenRead}, a line at a time through the left-over. */
    @Benchmark
    @OperationsPerInvocation(COUNT)
    public int writeThenReadUntil(RunningLoop loop) throws Exception {
        return loop.call(() -> {
            message.put(LENGTH - 1, (byte) '\n');
            for (int i = 0; i < COUNT; i++) {
                back.sink().write(message.clear());
                back.source().readUntil(message.clear(), '\n');
            }
            return COUNT;
        });
    }
}
