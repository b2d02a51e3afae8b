package dev.volokno.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.volokno.CancelledException;
import dev.volokno.fd.Pipe;
import dev.volokno.fiber.Fiber;
import dev.volokno.support.Bytes;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
import dev.volokno.support.Waiting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

class LoopEndTest {
    @EachConfiguration
    void itEndsWhenTheLastFiberHasEnded(Configuration configuration) throws Exception {
        List<String> log = new ArrayList<>();
        configuration.run(() ->
                Fiber.start(() -> {
                    Fiber.sleep(Duration.ofMillis(1));
                    Fiber.start(() -> {
                        Fiber.sleep(Duration.ofMillis(1));
                        log.add("grandchild");
                    });
                }));
        assertThat(log).containsExactly("grandchild");
    }

    @EachConfiguration
    void theFirstFailureIsThrownTheOthersAreSuppressedAndSiblingsCancelled(
            Configuration configuration) {
        var cancelled = new AtomicInteger();
        assertThatThrownBy(() ->
                        configuration.run(() -> {
                            var pipe = Pipe.open();
                            var sibling =
                                    Fiber.start(() -> {
                                        try {
                                            Bytes.read(pipe.source());
                                        } catch (CancelledException e) {
                                            cancelled.incrementAndGet();
                                            throw new IllegalStateException("second");
                                        }
                                    });
                            Waiting.untilParked(sibling);
                            throw new java.io.IOException("first");
                        }))
                .isInstanceOf(java.io.IOException.class)
                .hasMessage("first")
                .satisfies(first ->
                        assertThat(first.getSuppressed())
                                .singleElement()
                                .isInstanceOf(IllegalStateException.class));
        assertThat(cancelled).hasValue(1);
    }

    @EachConfiguration
    void anErrorOfAFiberIsThrownAsItIs(Configuration configuration) {
        assertThatThrownBy(() ->
                        configuration.run(() ->
                                Fiber.start(() -> {
                                    throw new StackOverflowError("as it is");
                                })))
                .isInstanceOf(StackOverflowError.class)
                .hasMessage("as it is");
    }

    @EachConfiguration
    void itIsRefusedInsideItselfAndOnAVirtualThread(Configuration configuration) throws Exception {
        configuration.run(() ->
                assertThatThrownBy(() -> configuration.run(() -> Fiber.yield()))
                        .isInstanceOf(IllegalStateException.class));
        var refused = new CompletableFuture<Throwable>();
        Thread.startVirtualThread(() -> {
            try {
                configuration.run(() -> Fiber.yield());
                refused.complete(null);
            } catch (Throwable t) {
                refused.complete(t);
            }
        });
        assertThat(refused.get())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("platform thread");
    }

    @EachConfiguration
    void afterTheEndNothingIsSubmitted(Configuration configuration) throws Exception {
        var loops = new Loop[1];
        configuration.run(() -> loops[0] = Loop.current());
        assertThatThrownBy(() -> loops[0].submit(() -> "late"))
                .isInstanceOf(IllegalStateException.class);
        loops[0].stop(Duration.ZERO);
    }

    @EachConfiguration
    void aStoppedLoopCancelsWhatObeys(Configuration configuration) throws Exception {
        var loop = Loop.start(configuration.options());
        var sleeper = Waiting.untilParked(loop.submit(() -> Fiber.sleep(Duration.ofDays(1))));
        loop.stop(Duration.ofDays(1));
        assertThat(sleeper.state()).isEqualTo(java.util.concurrent.Future.State.CANCELLED);
        assertThatThrownBy(() -> loop.submit(() -> "late"))
                .isInstanceOf(IllegalStateException.class);
    }

    @EachConfiguration
    void aFiberThatDoesNotObeyIsLeftToRunElsewhereAfterTheGrace(Configuration configuration)
            throws Exception {
        var gate = new CompletableFuture<String>();
        var loop = Loop.start(configuration.options());
        var stubborn = loop.submit(() -> gate.join());
        Waiting.until(() -> LockSupport.getBlocker(stubborn.thread()) != null);
        loop.stop(Duration.ofMillis(5));
        assertThatThrownBy(() -> loop.submit(() -> "late"))
                .isInstanceOf(IllegalStateException.class);
        gate.complete("at last");
        assertThat(stubborn.join()).isEqualTo("at last");
    }

    @EachConfiguration
    void aThreadThatInheritedTheSchedulerGoesOnAfterTheEnd(Configuration configuration)
            throws Exception {
        var gate = new CompletableFuture<String>();
        var ended = new CompletableFuture<String>();
        configuration.run(() -> {
            Thread plain =
                    Thread.startVirtualThread(() -> {
                        String word = gate.join();
                        LockSupport.parkNanos(1000);
                        ended.complete(word);
                    });
            Waiting.until(() -> LockSupport.getBlocker(plain) != null);
        });
        gate.complete("went on");
        assertThat(ended.get()).isEqualTo("went on");
    }

    @EachConfiguration
    void aStormOfSubmitsFromManyThreadsLosesNone(Configuration configuration) throws Exception {
        int threads = 8;
        int each = 2_000;
        var ran = new AtomicInteger();
        try (var loop = Loop.start(configuration.options())) {
            var submitters = new ArrayList<Thread>();
            for (int t = 0; t < threads; t++) {
                submitters.add(
                        Thread.ofPlatform()
                                .start(() -> {
                                    for (int i = 0; i < each; i++) {
                                        loop.submit(ran::incrementAndGet);
                                    }
                                }));
            }
            for (Thread submitter : submitters) {
                submitter.join();
            }
            Waiting.until(() -> ran.get() == threads * each);
        }
    }

    @EachConfiguration
    void aFailureOfASubmittedFiberIsTold(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (Loop other = Loop.start(configuration.options())) {
                var failing =
                        other.submit(() -> {
                            throw new IllegalStateException("told");
                        });
                assertThatThrownBy(failing::join)
                        .isInstanceOf(ExecutionException.class)
                        .hasRootCauseMessage("told");
            }
        });
    }
}
