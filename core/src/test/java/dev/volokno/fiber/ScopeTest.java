package dev.volokno.fiber;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.volokno.CancelledException;
import dev.volokno.DeadlineException;
import dev.volokno.fd.Pipe;
import dev.volokno.support.Bytes;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachLoop;
import dev.volokno.support.Waiting;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicReference;

class ScopeTest {
    private static final Duration LONG = Duration.ofDays(9);
    private static final Duration SHORT = Duration.ofMillis(1);

    // ---- failing fast

    @EachLoop
    void aBodyThatWaitsForAFailingFiberThrowsThatFibersException(Configuration configuration)
            throws Exception {
        configuration.run(() -> {
            var failure = new IOException("the real one");
            assertThatThrownBy(() ->
                            Scope.run(scope -> {
                                var child =
                                        scope.fork(
                                                (Callable<String>)
                                                        () -> {
                                                            throw failure;
                                                        });
                                return child.join();
                            }))
                    .isSameAs(failure);
        });
    }

    @EachLoop
    void aFailureCancelsTheOthersAndLaterOnesAreSuppressed(Configuration configuration)
            throws Exception {
        configuration.run(() -> {
            var first = new IOException("first");
            var second = new IOException("second");
            assertThatThrownBy(() ->
                            Scope.run(scope -> {
                                Waiting.untilParked(
                                        scope.fork(() -> {
                                            try {
                                                Fiber.sleep(LONG);
                                            } catch (CancelledException e) {
                                                throw second;
                                            }
                                        }));
                                throw first;
                            }))
                    .isSameAs(first)
                    .hasSuppressedException(second);
        });
    }

    // ---- first success

    @EachLoop
    void aRaceIsWonByTheFirstThatSucceedsAndTheLosersAreCancelled(Configuration configuration)
            throws Exception {
        configuration.run(() -> {
            var loser = new AtomicReference<Throwable>();
            String winner =
                    Scope.race(
                            List.<Callable<String>>of(
                                    () -> {
                                        throw new IOException("fails");
                                    },
                                    () -> {
                                        try {
                                            Fiber.sleep(LONG);
                                            return "late";
                                        } catch (CancelledException e) {
                                            loser.set(e);
                                            throw e;
                                        }
                                    },
                                    () -> {
                                        Fiber.sleep(SHORT);
                                        return "won";
                                    }));
            assertThat(winner).isEqualTo("won");
            assertThat(loser.get()).isInstanceOf(CancelledException.class);
        });
    }

    @EachLoop
    void aRaceThatNobodyWinsThrowsTheFirstFailure(Configuration configuration) throws Exception {
        configuration.run(() -> {
            var first = new IOException("first");
            var second = new IOException("second");
            assertThatThrownBy(() ->
                            Scope.race(
                                    List.<Callable<String>>of(
                                            () -> {
                                                throw first;
                                            },
                                            () -> {
                                                Fiber.sleep(SHORT);
                                                throw second;
                                            })))
                    .isSameAs(first)
                    .hasSuppressedException(second);
            assertThatThrownBy(() -> Scope.race(List.<Callable<String>>of()))
                    .isInstanceOf(IllegalArgumentException.class);
        });
    }

    @EachLoop
    void aSuccessEndsABodyThatStillWaits(Configuration configuration) throws Exception {
        configuration.run(() ->
                assertThatThrownBy(() ->
                                Scope.run(
                                        ScopePolicy.firstSuccess(),
                                        scope -> {
                                            scope.fork(() -> "won");
                                            Fiber.sleep(LONG);
                                            return true;
                                        }))
                        .isInstanceOf(CancelledException.class));
    }

    // ---- collecting

    @EachLoop
    void collectedFibersTellHowTheyEnded(Configuration configuration) throws Exception {
        configuration.run(() -> {
            var failure = new IOException("one of them");
            var fibers =
                    Scope.run(
                            ScopePolicy.collect(),
                            scope -> {
                                var cancelled = scope.fork(() -> Fiber.sleep(LONG));
                                cancelled.cancel();
                                return List.<Fiber<?>>of(
                                        scope.fork(() -> "good"),
                                        scope.fork(
                                                (Callable<String>)
                                                        () -> {
                                                            throw failure;
                                                        }),
                                        cancelled);
                            });
            assertThat(fibers.get(0).resultNow()).isEqualTo("good");
            assertThat(fibers.get(1).exceptionNow()).isSameAs(failure);
            assertThat(fibers.get(2).state()).isEqualTo(Future.State.CANCELLED);
            assertThatThrownBy(() -> fibers.get(1).resultNow())
                    .isInstanceOf(IllegalStateException.class)
                    .hasCause(failure);
            assertThatThrownBy(() -> fibers.get(2).exceptionNow())
                    .isInstanceOf(IllegalStateException.class);
        });
    }

    // ---- daemons

    @EachLoop
    void aDaemonIsCancelledWhenTheRestHasEnded(Configuration configuration) throws Exception {
        configuration.run(() -> {
            var order = new ArrayList<String>();
            Scope.run(scope -> {
                scope.daemon(() -> {
                    try {
                        Fiber.sleep(LONG);
                    } finally {
                        order.add("daemon");
                    }
                });
                scope.fork(() -> {
                    Fiber.sleep(SHORT);
                    order.add("child");
                });
                return true;
            });
            assertThat(order).containsExactly("child", "daemon");
        });
    }

    @EachLoop
    void aDaemonServesThoseWhoAreCancelledToTheirEnd(Configuration configuration) throws Exception {
        configuration.run(() -> {
            var order = new ArrayList<String>();
            assertThatThrownBy(() ->
                            Scope.run(scope -> {
                                scope.daemon(() -> endsAs("daemon", order, () -> {}));
                                scope.fork(() -> endsAs("child", order, () -> Fiber.sleep(SHORT)));
                                Fiber.sleep(SHORT);
                                throw new IOException("the scope's");
                            }))
                    .hasMessage("the scope's");
            assertThat(order).containsExactly("child", "daemon");
        });
    }

    private static void endsAs(String name, List<String> order, Action<IOException> leaveTaking)
            throws IOException {
        try {
            Fiber.sleep(LONG);
        } finally {
            Scope.shield(LONG, leaveTaking);
            order.add(name);
        }
    }

    @EachLoop
    void aDaemonsFailureIsAFailure(Configuration configuration) throws Exception {
        configuration.run(() ->
                assertThatThrownBy(() ->
                                Scope.run(scope -> {
                                    scope.daemon(() -> {
                                        throw new IOException("the daemon's");
                                    });
                                    Fiber.sleep(LONG);
                                    return true;
                                }))
                        .hasMessage("the daemon's"));
    }

    // ---- starting

    @EachLoop
    void aStarterWaitsUntilTheFiberIsReady(Configuration configuration) throws Exception {
        configuration.run(() -> {
            var steps = new ArrayList<String>();
            Scope.run(scope -> {
                String word =
                        scope.<String>start(ready -> {
                            Fiber.sleep(SHORT);
                            steps.add("prepared");
                            ready.with("listening");
                            assertThatThrownBy(() -> ready.with("again"))
                                    .isInstanceOf(IllegalStateException.class);
                            Fiber.sleep(SHORT);
                            steps.add("served");
                        });
                steps.add(word);
                return true;
            });
            assertThat(steps).containsExactly("prepared", "listening", "served");
        });
    }

    @EachLoop
    void aFiberThatFailsBeforeItIsReadyFailsItsStarter(Configuration configuration)
            throws Exception {
        configuration.run(() ->
                Scope.run(
                        ScopePolicy.collect(),
                        scope -> {
                            assertThatThrownBy(() ->
                                            scope.start(_ -> {
                                                throw new IOException("no");
                                            }))
                                    .isInstanceOf(IOException.class)
                                    .hasMessage("no");
                            assertThatThrownBy(() -> scope.start(_ -> {}))
                                    .isInstanceOf(IllegalStateException.class)
                                    .hasMessageContaining("without being ready");
                            return true;
                        }));
    }

    // ---- owning

    @EachLoop
    void whatAScopeOwnsIsClosedLastFirstAndShielded(Configuration configuration) throws Exception {
        configuration.run(() -> {
            var order = new ArrayList<String>();
            var failure = new IOException("the body's");
            assertThatThrownBy(() ->
                            Scope.run(scope -> {
                                scope.own(() -> order.add("first"));
                                scope.own(() -> {
                                    Fiber.sleep(SHORT);
                                    order.add("second");
                                });
                                scope.own(() -> {
                                    throw new IOException("a close's");
                                });
                                throw failure;
                            }))
                    .isSameAs(failure)
                    .satisfies(thrown -> assertThat(thrown.getSuppressed()).hasSize(1));
            assertThat(order).containsExactly("second", "first");
        });
    }

    // ---- shields

    @EachLoop
    void aShieldKeepsACancellationOffUntilItsEnd(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (Pipe pipe = Pipe.open()) {
                var read = new AtomicReference<String>();
                var fiber =
                        Waiting.untilParked(
                                Fiber.start(() -> {
                                    Scope.shield(LONG, () -> read.set(Bytes.read(pipe.source())));
                                    Fiber.checkpoint();
                                }));
                fiber.cancel();
                Fiber.yield();
                pipe.sink().write(Bytes.of("saved"));
                assertThatThrownBy(fiber::join).isInstanceOf(CancellationException.class);
                assertThat(read.get()).isEqualTo("saved");
            }
        });
    }

    @EachLoop
    void aShieldKeepsOffAnOuterDeadlineAndHasOneOfItsOwn(Configuration configuration)
            throws Exception {
        configuration.run(() -> {
            var past = new ArrayList<String>();
            assertThatThrownBy(() ->
                            Deadline.within(
                                    Duration.ZERO,
                                    () -> {
                                        Scope.shield(
                                                LONG,
                                                () -> {
                                                    Fiber.sleep(SHORT);
                                                    past.add("the outer one");
                                                });
                                        Fiber.checkpoint();
                                    }))
                    .isInstanceOf(DeadlineException.class);
            assertThat(past).hasSize(1);
            assertThatThrownBy(() -> Scope.shield(SHORT, () -> Fiber.sleep(LONG)))
                    .isInstanceOf(DeadlineException.class);
        });
    }

    @EachLoop
    void aCancellationReachesAWaitOfTheJdkAfterTheShield(Configuration configuration)
            throws Exception {
        configuration.run(() -> {
            var queue = new LinkedBlockingQueue<String>();
            var gate = new LinkedBlockingQueue<String>();
            var fiber =
                    Fiber.start(() -> {
                        Scope.shield(LONG, () -> gate.take());
                        queue.take();
                    });
            Waiting.awaitParked(fiber);
            fiber.cancel();
            Fiber.yield();
            gate.add("through");
            assertThatThrownBy(fiber::join).isInstanceOf(CancellationException.class);
            assertThat(gate).isEmpty();
        });
    }

    // ---- misuse

    @EachLoop
    void outsidersAndLateComersAreRefused(Configuration configuration) throws Exception {
        configuration.run(() -> {
            var kept = new AtomicReference<Scope>();
            Scope.run(scope -> {
                kept.set(scope);
                return true;
            });
            assertThatThrownBy(() -> kept.get().fork(() -> "late"))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("has ended");
            Scope.run(scope -> {
                kept.set(scope);
                // A nested scope's fibers are inside this one too.
                Scope.run(inner -> inner.fork(() -> scope.fork(() -> "inside").join()).join());
                var thread = new AtomicReference<Throwable>();
                Thread plain =
                        Thread.ofPlatform()
                                .start(() -> {
                                    try {
                                        scope.fork(() -> "from elsewhere");
                                    } catch (IllegalStateException e) {
                                        thread.set(e);
                                    }
                                });
                plain.join();
                assertThat(thread.get()).hasMessageContaining("no fiber");
                return true;
            });
        });
    }

    // ---- deadlines that answer

    @EachLoop
    void beingLateIsAnAnswerWhereItIsAskedFor(Configuration configuration) throws Exception {
        configuration.run(() -> {
            assertThat(Deadline.tryWithin(LONG, () -> "in time")).contains("in time");
            assertThat(Deadline.tryWithin(SHORT, () -> Fiber.sleep(LONG))).isFalse();
            assertThatThrownBy(() ->
                            Deadline.tryWithin(
                                    LONG, () -> Deadline.within(SHORT, () -> Fiber.sleep(LONG))))
                    .isInstanceOf(DeadlineException.class);
            assertThatThrownBy(() ->
                            Deadline.within(
                                    SHORT, () -> Deadline.tryWithin(LONG, () -> Fiber.sleep(LONG))))
                    .isInstanceOf(DeadlineException.class);
        });
    }
}
