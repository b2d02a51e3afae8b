package dev.volokno.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.volokno.fd.Pipe;
import dev.volokno.fiber.Fiber;
import dev.volokno.support.Bytes;
import dev.volokno.support.Configuration;
import dev.volokno.support.TestLibc;
import dev.volokno.support.Waiting;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Loops whose thread is held, and loops that are only busy. */
class StallTest {
    private static final Duration THRESHOLD = Duration.ofMillis(20);

    /** So long that a loop which only waits for a processor does not reach it. */
    private static final Duration GENEROUS = Duration.ofSeconds(1);

    private final BlockingQueue<StallReport> reports = new LinkedBlockingQueue<>();

    @ParameterizedTest
    @EnumSource(names = {"IO_URING", "EPOLL"})
    void aFiberThatComputesIsReportedWithItsStack(Configuration configuration) throws Exception {
        Loop.run(
                watched(configuration, report -> reports.add(report)),
                () -> {
                    Fiber<Void> culprit = Fiber.start(() -> computeUntilReported());
                    culprit.join();
                    StallReport report = reports.remove();
                    assertThat(report.thread()).isEqualTo(culprit.thread());
                    assertThat(report.duration()).isGreaterThanOrEqualTo(THRESHOLD);
                    assertThat(report.toString()).contains("computeUntilReported");
                });
    }

    private void computeUntilReported() {
        while (reports.isEmpty()) {
            Thread.onSpinWait();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"IO_URING", "EPOLL"})
    void aFiberInABlockingCallIsReported(Configuration configuration) throws Exception {
        int[] ends = TestLibc.socketpair();
        Consumer<StallReport> handler =
                report -> {
                    reports.add(report);
                    TestLibc.close(ends[1]);
                };
        Loop.run(
                watched(configuration, handler),
                () -> {
                    assertThat(TestLibc.readByte(ends[0])).isZero();
                    assertThat(reports.remove().toString()).contains("readByte");
                });
        TestLibc.close(ends[0]);
    }

    @ParameterizedTest
    @EnumSource(names = {"IO_URING", "EPOLL"})
    void aFiberThatWokeFromASleepIsNamedAndNotTheOneParkedLast(Configuration configuration)
            throws Exception {
        Loop.run(
                watched(configuration, report -> reports.add(report)),
                () -> {
                    try (Pipe pipe = Pipe.open()) {
                        var culprit = Fiber.start(() -> computeAfterASleep());
                        var reader = Fiber.start(() -> Bytes.read(pipe.source()));
                        Waiting.untilParked(reader);
                        culprit.join();
                        pipe.sink().close();
                        reader.join();
                        StallReport report = reports.remove();
                        assertThat(report.thread()).isEqualTo(culprit.thread());
                        assertThat(report.toString()).contains("computeUntilReported");
                    }
                });
    }

    private void computeAfterASleep() {
        Fiber.sleep(THRESHOLD);
        // On a busy machine the others may have been slow.
        reports.clear();
        computeUntilReported();
    }

    @ParameterizedTest
    @EnumSource(names = {"IO_URING", "EPOLL"})
    void aHandlerThatFailsCostsOtherLoopsNoReport(Configuration configuration) throws Exception {
        Consumer<StallReport> failing =
                report -> {
                    reports.add(report);
                    throw new IllegalStateException("the handler's");
                };
        Loop.run(watched(configuration, failing), () -> computeUntilReported());
        reports.clear();
        Loop.run(
                watched(configuration, report -> reports.add(report)),
                () -> computeUntilReported());
        assertThat(reports).isNotEmpty();
    }

    /** Waits in its initialiser for what a fiber of the same loop would do. */
    private static final class Impatient {
        private static final CompletableFuture<String> GATE = new CompletableFuture<>();

        private static final class Waiting {
            private static final String WORD = GATE.join();
        }
    }

    @ParameterizedTest
    @EnumSource(names = "EPOLL")
    void aWaitInAnInitialiserOfAClassIsReported(Configuration configuration) throws Exception {
        Consumer<StallReport> handler =
                report -> {
                    reports.add(report);
                    Impatient.GATE.complete("helped");
                };
        Loop.run(
                watched(configuration, handler),
                () -> {
                    var helper = Fiber.start(() -> Impatient.GATE.complete("never comes to it"));
                    assertThat(Impatient.Waiting.WORD).isEqualTo("helped");
                    assertThat(reports.remove().toString()).contains("<clinit>");
                    helper.join();
                });
    }

    @ParameterizedTest
    @EnumSource(names = {"IO_URING", "EPOLL"})
    void aLoopThatSleepsOrSwitchesIsNotReported(Configuration configuration) throws Exception {
        Consumer<StallReport> handler = report -> reports.add(report);
        LoopOptions options =
                configuration.options().withStallThreshold(GENEROUS).withStallHandler(handler);
        try (Loop idle = Loop.start(options)) {
            var sleeper = idle.submit(() -> Fiber.sleep(GENEROUS.plus(GENEROUS.dividedBy(4))));
            Loop.run(
                    options,
                    () -> {
                        while (sleeper.state() == Future.State.RUNNING) {
                            Fiber.yield();
                        }
                    });
        }
        assertThat(reports).isEmpty();
    }

    private static LoopOptions watched(Configuration configuration, Consumer<StallReport> handler) {
        return configuration.options().withStallThreshold(THRESHOLD).withStallHandler(handler);
    }
}
