package dev.volokno.benchmarks;

import static java.lang.invoke.MethodType.methodType;

import com.softwaremill.jox.Channel;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What {@link ScopeBenchmark} does, done by others on the JDK's virtual threads: its {@code
 * StructuredTaskScope}, called by handles as long as it is a preview, and the channels of jox.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 4, time = 1)
@Fork(
        value = 1,
        jvmArgsAppend = {"-XX:+UseSerialGC", "--enable-preview"})
public class PeerBenchmark {
    private static final int COUNT = 10_000;
    private static final Callable<Integer> ONE = () -> 1;
    private static final MethodHandle OPEN;
    private static final MethodHandle FORK;
    private static final MethodHandle JOIN;
    private static final MethodHandle GET;
    private static final MethodHandle CLOSE;

    static {
        try {
            var lookup = MethodHandles.publicLookup();
            Class<?> scope = Class.forName("java.util.concurrent.StructuredTaskScope");
            Class<?> subtask = Class.forName("java.util.concurrent.StructuredTaskScope$Subtask");
            OPEN =
                    lookup.findStatic(scope, "open", methodType(scope))
                            .asType(methodType(Object.class));
            FORK =
                    lookup.findVirtual(scope, "fork", methodType(subtask, Callable.class))
                            .asType(methodType(Object.class, Object.class, Callable.class));
            JOIN =
                    lookup.findVirtual(scope, "join", methodType(Object.class))
                            .asType(methodType(Object.class, Object.class));
            GET =
                    lookup.findVirtual(subtask, "get", methodType(Object.class))
                            .asType(methodType(Object.class, Object.class));
            CLOSE =
                    lookup.findVirtual(scope, "close", methodType(void.class))
                            .asType(methodType(void.class, Object.class));
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** The JDK's scope with one thread that is joined, on a virtual thread. */
    @Benchmark
    @OperationsPerInvocation(COUNT)
    public int jdkScopeForkAndJoin() throws Throwable {
        return onVirtualThread(() -> {
            int sum = 0;
            for (int i = 0; i < COUNT; i++) {
                sum += forkAndJoin();
            }
            return sum;
        });
    }

    private static int forkAndJoin() throws Exception {
        try {
            Object scope = (Object) OPEN.invokeExact();
            try {
                Object subtask = (Object) FORK.invokeExact(scope, ONE);
                Object _ = (Object) JOIN.invokeExact(scope);
                return (Integer) (Object) GET.invokeExact(subtask);
            } finally {
                CLOSE.invokeExact(scope);
            }
        } catch (Exception | Error e) {
            throw e;
        } catch (Throwable other) {
            throw new AssertionError(other);
        }
    }

    /** An element from one virtual thread to another. */
    @Benchmark
    @OperationsPerInvocation(COUNT)
    public int joxRendezvous() throws Throwable {
        return handOver(Channel.newRendezvousChannel());
    }

    /** The same with room for 64. */
    @Benchmark
    @OperationsPerInvocation(COUNT)
    public int joxBounded() throws Throwable {
        return handOver(Channel.newBufferedChannel(64));
    }

    private static int handOver(Channel<Integer> channel) throws Throwable {
        Thread.startVirtualThread(() -> send(channel));
        return onVirtualThread(() -> {
            int sum = 0;
            for (int i = 0; i < COUNT; i++) {
                sum += channel.receive();
            }
            return sum;
        });
    }

    private static void send(Channel<Integer> channel) {
        try {
            for (int i = 0; i < COUNT; i++) {
                channel.send(1);
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static int onVirtualThread(Callable<Integer> body) throws Throwable {
        var result = new AtomicReference<Integer>();
        var failure = new AtomicReference<Throwable>();
        var done = new CountDownLatch(1);
        Thread.startVirtualThread(() -> {
            try {
                result.set(body.call());
            } catch (Throwable t) {
                failure.set(t);
            } finally {
                done.countDown();
            }
        });
        done.await();
        if (failure.get() != null) {
            throw failure.get();
        }
        return result.get();
    }
}
