package dev.volokno.benchmarks;

import dev.volokno.fiber.Fiber;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Warmup;

/** What fibers cost by themselves. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 4, time = 1)
@Fork(value = 1, jvmArgsAppend = "-XX:+UseSerialGC")
public class FiberBenchmark {
    private static final int COUNT = 10_000;
    private static final Duration SHORTEST = Duration.ofNanos(1);

    /** One fiber wakes another and parks: half of this is one switch. */
    @Benchmark
    @OperationsPerInvocation(COUNT)
    public int switchThereAndBack(RunningLoop loop) throws Exception {
        return loop.call(() -> {
            var pair = new Pair(Thread.currentThread());
            Fiber<Void> other = Fiber.start(pair::answer);
            return pair.ask(other);
        });
    }

    private static final class Pair {
        private final Thread asking;
        private int asked;
        private int answered;

        Pair(Thread asking) {
            this.asking = asking;
        }

        int ask(Fiber<Void> other) throws Exception {
            while (asked < COUNT) {
                asked++;
                LockSupport.unpark(other.thread());
                while (answered < asked) {
                    LockSupport.park(this);
                }
            }
            other.join();
            return answered;
        }

        void answer() {
            while (answered < COUNT) {
                while (answered == asked) {
                    LockSupport.park(this);
                }
                answered = asked;
                LockSupport.unpark(asking);
            }
        }
    }

    /** Lets nobody else run: the way through the queue of ready fibers. */
    @Benchmark
    @OperationsPerInvocation(COUNT)
    public int yieldToNobody(RunningLoop loop) throws Exception {
        return loop.call(() -> {
            for (int i = 0; i < COUNT; i++) {
                Fiber.yield();
            }
            return COUNT;
        });
    }

    /** A fiber from its start to its end, and another that waits for it. */
    @Benchmark
    @OperationsPerInvocation(COUNT)
    public int startAndJoin(RunningLoop loop) throws Exception {
        return loop.call(() -> {
            int ended = 0;
            for (int i = 0; i < COUNT; i++) {
                ended += Fiber.start(() -> 1).join();
            }
            return ended;
        });
    }

    /** A wait that is over at once: a timer, a park, a turn with a look at the kernel. */
    @Benchmark
    @OperationsPerInvocation(COUNT)
    public int sleep(RunningLoop loop) throws Exception {
        return loop.call(() -> {
            for (int i = 0; i < COUNT; i++) {
                Fiber.sleep(SHORTEST);
            }
            return COUNT;
        });
    }

    /** A plain thread has something done on the loop, and waits for it. */
    @Benchmark
    public int submitFromOutside(RunningLoop loop) throws Exception {
        return loop.call(() -> 1);
    }
}
