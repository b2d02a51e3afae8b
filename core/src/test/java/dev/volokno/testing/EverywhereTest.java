package dev.volokno.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.volokno.CancelledException;
import dev.volokno.SystemCallException;
import dev.volokno.fd.Pipe;
import dev.volokno.fiber.Fiber;
import dev.volokno.fiber.Scope;
import dev.volokno.support.StreamKind;
import dev.volokno.support.StreamPair;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A body cancelled at each of its waits, and failed at each of its operations. */
class EverywhereTest {
    private static void exchange(StreamKind kind) throws Exception {
        try (StreamPair pair = kind.open()) {
            Scope.run(scope -> {
                scope.fork(() -> {
                    Fiber.sleep(Duration.ofSeconds(1));
                    pair.sink().write(ByteBuffer.wrap(new byte[100]));
                });
                // Nobody knows whether the other one was cancelled.
                pair.source().read(ByteBuffer.allocate(100), Duration.ofSeconds(5));
                return true;
            });
        }
    }

    @ParameterizedTest
    @EnumSource(StreamKind.class)
    void anExchangeIsCancelledAtEveryWaitAndEnds(StreamKind kind) throws Exception {
        assertThat(TestLoop.create().cancelEverywhere(() -> exchange(kind))).isGreaterThan(10);
        TestLoop.create().withBackend("io_uring").cancelEverywhere(() -> exchange(kind));
    }

    @ParameterizedTest
    @EnumSource(StreamKind.class)
    void anExchangeFailsAtEveryOperationAndEnds(StreamKind kind) throws Exception {
        assertThat(TestLoop.create().failEverywhere(() -> exchange(kind), "EIO")).isGreaterThan(2);
        TestLoop.create().failEverywhere(() -> exchange(kind), "EMFILE");
    }

    @Test
    void whoForgetsToCloseOnTheWayOutIsFound() {
        assertThatThrownBy(() ->
                        TestLoop.create()
                                .cancelEverywhere(() -> {
                                    Pipe pipe = Pipe.open();
                                    Fiber.sleep(Duration.ofSeconds(1));
                                    pipe.close();
                                }))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("cancelled ")
                .satisfies(failure ->
                        assertThat(failure.getSuppressed()[0].getStackTrace())
                                .anyMatch(frame ->
                                        frame.getClassName()
                                                .equals(EverywhereTest.class.getName())))
                .hasMessageContaining("left open: fd");
    }

    @Test
    void whoSwallowsACancellationAndWaitsForHimselfIsFound() {
        assertThatThrownBy(() ->
                        TestLoop.create()
                                .cancelEverywhere(() -> {
                                    try (Pipe pipe = Pipe.open()) {
                                        Fiber<?> writer =
                                                Fiber.start(() -> {
                                                    Fiber.yield();
                                                    pipe.sink().write(ByteBuffer.wrap(new byte[1]));
                                                });
                                        pipe.source().read(ByteBuffer.allocate(1));
                                        writer.join();
                                    }
                                }))
                .isInstanceOf(AssertionError.class)
                .cause()
                .isInstanceOf(DeadlockError.class);
    }

    @Test
    void whatIsThrownBesidesIsFound() {
        assertThatThrownBy(() ->
                        TestLoop.create()
                                .cancelEverywhere(() -> {
                                    try {
                                        Fiber.sleep(Duration.ofSeconds(1));
                                    } catch (CancelledException e) {
                                        throw new IllegalStateException("half done");
                                    }
                                }))
                .isInstanceOf(AssertionError.class)
                .rootCause()
                .hasMessage("half done");
    }

    @Test
    void whatIsSuppressedInACancellationIsJudgedToo() {
        AutoCloseable wrong =
                () -> {
                    throw new IllegalStateException("broken on the way out");
                };
        assertThatThrownBy(() ->
                        TestLoop.create()
                                .cancelEverywhere(() -> {
                                    try {
                                        Fiber.sleep(Duration.ofSeconds(1));
                                    } catch (CancelledException e) {
                                        try (wrong) {
                                            throw e;
                                        }
                                    }
                                }))
                .isInstanceOf(AssertionError.class)
                .hasStackTraceContaining("broken on the way out");
    }

    @Test
    void eachRunMeetsTheFaultsOfAScriptFromTheirBeginning() throws Exception {
        var script = new FaultScript().on("read", Fault.errno("EIO"));
        var ends = new ArrayList<String>();
        TestLoop.create()
                .withFaults(script)
                .cancelEverywhere(() -> {
                    try (Pipe pipe = Pipe.open()) {
                        Fiber.yield();
                        pipe.source().read(ByteBuffer.allocate(1));
                        ends.add("read");
                    } catch (SystemCallException e) {
                        ends.add(e.errno());
                    } catch (CancelledException e) {
                        ends.add("cancelled");
                    }
                });
        assertThat(ends).startsWith("EIO").contains("cancelled").doesNotContain("read");
    }
}
