package dev.volokno.benchmarks;

import dev.volokno.CancelledException;
import dev.volokno.fd.EventFd;
import dev.volokno.fd.Fd;
import dev.volokno.fd.TimerFd;
import dev.volokno.fiber.Action;
import dev.volokno.fiber.Fiber;
import dev.volokno.net.UdpSocket;
import dev.volokno.process.ProcessWatch;
import dev.volokno.process.Signal;
import dev.volokno.process.Signals;
import dev.volokno.tty.Pty;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
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
 * From the cancellation of a fiber that waits for input until that fiber runs again, with the start
 * of the fiber and its way into the wait; {@link #startAndEnd} is that alone. What is open is
 * closed by the end of the loop.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 4, time = 1)
@Fork(value = 1, jvmArgsAppend = "-XX:+UseSerialGC")
public class CancelBenchmark {
    private static final int COUNT = 1_000;

    /** What is waited for. */
    public enum Kind {
        PIPE,
        TCP,
        UNIX,
        UDP,
        PTY,
        EVENT,
        TIMER,
        SIGNAL,
        CHILD
    }

    @Param public Kind kind;

    private Action<IOException> wait;

    @Setup(Level.Trial)
    public void open(RunningLoop loop) throws Exception {
        loop.call(() -> {
            ByteBuffer target = ByteBuffer.allocateDirect(64);
            switch (kind) {
                case PIPE -> waitFor(StreamPair.open(StreamPair.Kind.PIPE), target);
                case TCP -> waitFor(StreamPair.open(StreamPair.Kind.TCP), target);
                case UNIX -> waitFor(StreamPair.open(StreamPair.Kind.UNIX), target);
                case UDP -> {
                    UdpSocket socket =
                            UdpSocket.bind(
                                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                    wait = () -> socket.receive(target.clear());
                }
                case PTY -> {
                    Pty master = Pty.open();
                    master.openSlave();
                    wait = () -> master.read(target.clear());
                }
                case EVENT -> {
                    EventFd event = EventFd.open();
                    Fd fd = event.fd();
                    wait = fd::awaitReadable;
                }
                case TIMER -> {
                    TimerFd timer = TimerFd.open(TimerFd.Clock.MONOTONIC);
                    timer.after(Duration.ofDays(1));
                    wait = timer::take;
                }
                case SIGNAL -> wait = Signals.open(Signal.USR1)::take;
                case CHILD -> wait = ProcessWatch.of(1)::awaitEnd;
            }
            return true;
        });
    }

    private void waitFor(StreamPair pair, ByteBuffer target) {
        wait = () -> pair.source().read(target.clear());
    }

    /** Start, wait, cancellation, end. */
    @Benchmark
    @OperationsPerInvocation(COUNT)
    public int cancelAWait(RunningLoop loop) throws Exception {
        return loop.call(() -> {
            for (int i = 0; i < COUNT; i++) {
                Fiber<Boolean> waiting = Fiber.start(this::isCancelled);
                Fiber.yield();
                waiting.cancel();
                waiting.join();
            }
            return COUNT;
        });
    }

    private boolean isCancelled() throws IOException {
        try {
            wait.run();
            return false;
        } catch (CancelledException e) {
            return true;
        }
    }

    /** The same without a wait. */
    @Benchmark
    @OperationsPerInvocation(COUNT)
    public int startAndEnd(RunningLoop loop) throws Exception {
        return loop.call(() -> {
            for (int i = 0; i < COUNT; i++) {
                Fiber<Boolean> ended = Fiber.start(() -> true);
                Fiber.yield();
                ended.join();
            }
            return COUNT;
        });
    }
}
