package dev.volokno.fiber;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.volokno.CancelledException;
import dev.volokno.DeadlineException;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
import dev.volokno.support.Waiting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicReference;

/** A cancellation is told once: by the library's wait or, if none has, by the JDK's next one. */
class CancelAtJdkWaitsTest {
    private static final Duration LONG = Duration.ofDays(9);

    private static void waitForEver() throws InterruptedException {
        new CountDownLatch(1).await();
    }

    private static void assertCancelled(Fiber<?> fiber) {
        assertThatThrownBy(fiber::join)
                .isInstanceOf(CancellationException.class)
                .hasCauseInstanceOf(InterruptedException.class);
    }

    @EachConfiguration
    void aFiberThatCancelsItselfDoesNotWaitForEver(Configuration configuration) throws Exception {
        configuration.run(() -> {
            assertCancelled(
                    Fiber.start(() -> {
                        Fiber.current().cancel();
                        waitForEver();
                    }));
            assertThatThrownBy(
                            Fiber.start(() -> {
                                Fiber.current().cancel();
                                Fiber.sleep(LONG);
                            })
                                    ::join)
                    .isInstanceOf(CancellationException.class)
                    .hasCauseInstanceOf(CancelledException.class);
        });
    }

    @EachConfiguration
    void aFiberCancelledBeforeItBeginsNeverRuns(Configuration configuration) throws Exception {
        configuration.run(() -> {
            var ran = new ArrayList<String>();
            if (configuration.confined()) {
                var fiber = Fiber.start(() -> ran.add("ran"));
                fiber.cancel();
                assertThatThrownBy(fiber::join).isInstanceOf(CancellationException.class);
            }
            assertThat(ran).isEmpty();
        });
    }

    @EachConfiguration
    void whereAResultCameAllTheSameTheNextWaitEnds(Configuration configuration) throws Exception {
        configuration.run(() -> {
            var channel = Channel.<String>rendezvous();
            var received = new AtomicReference<String>();
            var fiber =
                    Waiting.untilParked(
                            Fiber.start(() -> {
                                received.set(channel.receive());
                                waitForEver();
                            }));
            channel.trySend("won");
            fiber.cancel();
            assertCancelled(fiber);
            assertThat(received.get()).isEqualTo("won");
        });
    }

    @EachConfiguration
    void whatWasToldByTheLibraryIsNotToldAgainByTheJdk(Configuration configuration)
            throws Exception {
        configuration.run(() -> {
            var steps = new LinkedBlockingQueue<String>();
            for (boolean waiting : new boolean[] {true, false}) {
                var gate = new CountDownLatch(1);
                var fiber =
                        Fiber.start(() -> {
                            Thread.yield();
                            try {
                                Fiber.sleep(LONG);
                            } finally {
                                gate.await();
                                steps.add("cleaned up");
                            }
                        });
                if (waiting) {
                    Waiting.untilParked(fiber);
                } else {
                    Thread.yield();
                }
                fiber.cancel();
                Waiting.awaitParked(fiber);
                gate.countDown();
                assertThatThrownBy(fiber::join).isInstanceOf(CancellationException.class);
                assertThat(steps.poll()).isEqualTo("cleaned up");
            }
        });
    }

    @EachConfiguration
    void anInterruptThatCameBeforeAShieldIsKeptForAfterIt(Configuration configuration)
            throws Exception {
        configuration.run(() -> {
            for (boolean itself : new boolean[] {true, false}) {
                var gate = new LinkedBlockingQueue<String>();
                var fiber =
                        Fiber.start(() -> {
                            if (itself) {
                                Fiber.current().cancel();
                            } else {
                                Thread.currentThread().interrupt();
                            }
                            Scope.shield(LONG, () -> gate.take());
                            waitForEver();
                        });
                Waiting.awaitParked(fiber);
                gate.add("through");
                assertCancelled(fiber);
                assertThat(gate).isEmpty();
            }
        });
    }

    @EachConfiguration
    void aScopeThatFailsDuringAShieldEndsTheWaitAfterIt(Configuration configuration)
            throws Exception {
        configuration.run(() -> {
            var gate = new LinkedBlockingQueue<String>();
            assertThatThrownBy(() ->
                            Scope.run(scope -> {
                                scope.fork(() -> {
                                    gate.add("through");
                                    throw new IllegalStateException("the first");
                                });
                                Scope.shield(LONG, () -> gate.take());
                                waitForEver();
                                return true;
                            }))
                    .hasMessage("the first");
        });
    }

    @EachConfiguration
    void anOffloadedCallThatIsWaitedForIsFollowedByTheCancellation(Configuration configuration)
            throws Exception {
        configuration.run(() -> {
            var begun = new CountDownLatch(1);
            var gate = new CountDownLatch(1);
            var fiber =
                    Fiber.start(() -> {
                        String result =
                                Offload.call(() -> {
                                    begun.countDown();
                                    gate.await();
                                    return "result";
                                });
                        assertThat(result).isEqualTo("result");
                        waitForEver();
                    });
            begun.await();
            fiber.cancel();
            Waiting.untilParked(fiber);
            gate.countDown();
            assertCancelled(fiber);
        });
    }

    @EachConfiguration
    void aFiberCancelledWhileItsScopeRanWithoutAWaitIsStillCancelled(Configuration configuration)
            throws Exception {
        configuration.run(() ->
                assertCancelled(
                        Fiber.start(() -> {
                            Scope.run(_ -> {
                                Fiber.current().cancel();
                                return true;
                            });
                            waitForEver();
                        })));
    }

    @EachConfiguration
    void aResourceOfACancelledScopeMayWaitInItsCloseAndLimitThat(Configuration configuration)
            throws Exception {
        configuration.run(() -> {
            var steps = new ArrayList<String>();
            assertThatThrownBy(() ->
                            Scope.run(scope -> {
                                scope.own(() -> {
                                    new CountDownLatch(0).await();
                                    Fiber.sleep(Duration.ofMillis(1));
                                    assertThatThrownBy(() ->
                                                    Deadline.within(
                                                            Duration.ofMillis(1),
                                                            () -> Fiber.sleep(LONG)))
                                            .isInstanceOf(DeadlineException.class);
                                    steps.add("closed");
                                });
                                scope.cancel();
                                return true;
                            }))
                    .isInstanceOf(CancelledException.class);
            assertThat(steps).containsExactly("closed");
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
        });
    }
}
