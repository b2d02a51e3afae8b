package dev.volokno.fiber;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.volokno.CancelledException;
import dev.volokno.fd.Pipe;
import dev.volokno.support.Bytes;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
import dev.volokno.support.Waiting;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.ReentrantLock;

/** What a scope throws is the first real failure, whatever its body waits for and since when. */
class FirstFailureTest {
    private static final Duration LONG = Duration.ofDays(9);

    /** So many turns early or late. */
    private static final int TURNS = 4;

    /** Something that does not come to its end by itself. */
    private interface Wait {
        void run(Scope scope, Fiber<?> failing) throws Exception;
    }

    private record Named(String name, Wait body) {}

    private static List<Named> waits(Pipe pipe, Pipe narrow) {
        var nothing = Channel.<String>rendezvous();
        var lock = new ReentrantLock();
        return List.of(
                new Named("join", (_, failing) -> failing.join()),
                new Named("receive", (_, _) -> nothing.receive()),
                new Named("send", (_, _) -> nothing.send("x")),
                new Named("iterate", (_, _) -> nothing.forEach(_ -> {})),
                new Named("read", (_, _) -> Bytes.read(pipe.source())),
                new Named("write", (_, _) -> narrow.sink().write(ByteBuffer.allocate(1_000_000))),
                new Named("sleep", (_, _) -> Fiber.sleep(LONG)),
                new Named(
                        "select",
                        (_, _) ->
                                Select.first(
                                        Select.when(nothing.receiving(), element -> element),
                                        Select.when(pipe.source().fd().readable(), fd -> fd))),
                new Named("deadline", (_, _) -> Deadline.within(LONG, () -> nothing.receive())),
                new Named("start", (scope, _) -> scope.start(_ -> Fiber.sleep(LONG))),
                new Named(
                        "inner scope",
                        (_, _) -> Scope.run(inner -> inner.fork(() -> Fiber.sleep(LONG)).join())),
                new Named("rest of the scope", (scope, _) -> scope.fork(() -> Fiber.sleep(LONG))),
                new Named("JDK's queue", (_, _) -> new LinkedBlockingQueue<String>().take()),
                new Named("JDK's latch", (_, _) -> new CountDownLatch(1).await()),
                new Named(
                        "JDK's condition",
                        (_, _) -> {
                            lock.lock();
                            try {
                                lock.newCondition().await();
                            } finally {
                                lock.unlock();
                            }
                        }));
    }

    /** In what way the scope fails. */
    private interface Failing {
        Fiber<?> fork(Scope scope, Action<IOException> failure);
    }

    private static void assertFirst(Configuration configuration, Failing failing) throws Exception {
        configuration.run(() -> {
            for (int early = 0; early < TURNS; early++) {
                for (int late = 0; late < TURNS; late++) {
                    try (Pipe pipe = Pipe.open();
                            Pipe narrow = Pipe.open()) {
                        for (Named named : waits(pipe, narrow)) {
                            assertFirst(named, failing, early, late);
                        }
                    }
                }
            }
        });
    }

    private static void assertFirst(Named named, Failing failing, int early, int late) {
        var failure = new IOException("the first");
        Throwable thrown =
                catchThrowable(() ->
                        Scope.run(scope -> {
                            Fiber<?> child =
                                    failing.fork(
                                            scope,
                                            () -> {
                                                yields(late);
                                                throw failure;
                                            });
                            yields(early);
                            named.body().run(scope, child);
                            return true;
                        }));
        assertThat(thrown)
                .as("%s, after %d turns; failure after %d", named.name(), early, late)
                .isSameAs(failure);
        assertThat(thrown.getSuppressed()).as("suppressed by %s", named.name()).isEmpty();
    }

    private static void yields(int count) {
        for (int i = 0; i < count; i++) {
            Fiber.yield();
        }
    }

    @EachConfiguration
    void ofAFiberOfTheScope(Configuration configuration) throws Exception {
        assertFirst(configuration, (scope, failure) -> scope.fork(failure));
    }

    @EachConfiguration
    void ofADaemon(Configuration configuration) throws Exception {
        assertFirst(configuration, (scope, failure) -> scope.daemon(failure));
    }

    @EachConfiguration
    void ofAScopeInside(Configuration configuration) throws Exception {
        assertFirst(
                configuration,
                (scope, failure) ->
                        scope.fork(() -> {
                            Scope.run(inner -> {
                                inner.fork(failure);
                                Fiber.sleep(LONG);
                                return true;
                            });
                        }));
    }

    @EachConfiguration
    void ofAClose(Configuration configuration) throws Exception {
        assertFirst(
                configuration,
                (scope, failure) ->
                        scope.fork(() -> {
                            Scope.run(inner -> inner.own(failure::run));
                        }));
    }

    @EachConfiguration
    void aJoinThatIsShieldedTellsTheSameFailureAndIsNotSuppressedInIt(Configuration configuration)
            throws Exception {
        configuration.run(() -> {
            var failure = new IOException("the first");
            var told = new ArrayList<Throwable>();
            assertThatThrownBy(() ->
                            Scope.run(scope -> {
                                Fiber<Void> child =
                                        scope.fork(
                                                (Action<IOException>)
                                                        () -> {
                                                            throw failure;
                                                        });
                                Scope.shield(
                                        LONG,
                                        () -> {
                                            try {
                                                child.join();
                                            } catch (ExecutionException e) {
                                                told.add(e.getCause());
                                                throw e;
                                            }
                                        });
                                return true;
                            }))
                    .isSameAs(failure)
                    .hasNoSuppressedExceptions();
            assertThat(told).containsExactly(failure);
        });
    }

    @EachConfiguration
    void aFailureOnTheWayOutReplacesTheCancellationThatLedToIt(Configuration configuration)
            throws Exception {
        configuration.run(() -> {
            var failure = new IOException("on the way out");
            assertThatThrownBy(() ->
                            Deadline.within(
                                    Duration.ofMillis(1),
                                    () ->
                                            Scope.run(scope -> {
                                                Waiting.untilParked(
                                                        scope.fork(
                                                                () -> failWhenCancelled(failure)));
                                                Fiber.sleep(LONG);
                                                return true;
                                            })))
                    .isSameAs(failure);
        });
    }

    private static void failWhenCancelled(IOException failure) throws IOException {
        try {
            Fiber.sleep(LONG);
        } catch (CancelledException e) {
            throw failure;
        }
    }

    @EachConfiguration
    void aScopeThatIsCancelledThrowsThatAndNoTraceOfIt(Configuration configuration)
            throws Exception {
        configuration.run(() -> {
            try (Pipe pipe = Pipe.open();
                    Pipe narrow = Pipe.open()) {
                for (Named named : waits(pipe, narrow)) {
                    Throwable thrown =
                            catchThrowable(() ->
                                    Scope.run(scope -> {
                                        var other = scope.fork(() -> Fiber.sleep(LONG));
                                        scope.fork(() -> other.join());
                                        scope.fork(() -> {
                                            Fiber.yield();
                                            scope.cancel();
                                        });
                                        named.body().run(scope, other);
                                        return true;
                                    }));
                    assertThat(thrown)
                            .as(named.name())
                            .isInstanceOf(CancelledException.class)
                            .hasMessage("the scope was cancelled")
                            .hasNoSuppressedExceptions();
                }
            }
        });
    }

    @EachConfiguration
    void aWaitOfTheHandlerThatTheScopeCancelsIsNoFailure(Configuration configuration)
            throws Exception {
        configuration.run(() -> {
            ScopePolicy waiting =
                    ScopePolicy.supervise(failure -> {
                        Fiber.yield();
                        throw new AssertionError("its fiber was cancelled");
                    });
            assertThatThrownBy(() ->
                            Scope.run(
                                    waiting,
                                    scope -> {
                                        var fails =
                                                scope.fork(() -> {
                                                    try {
                                                        Fiber.sleep(LONG);
                                                    } catch (CancelledException e) {
                                                        throw new IOException("on the way out", e);
                                                    }
                                                });
                                        Waiting.untilParked(fails);
                                        scope.cancel();
                                        return true;
                                    }))
                    .isInstanceOf(CancelledException.class)
                    .hasMessage("the scope was cancelled");
        });
    }

    @EachConfiguration
    void whoIsCancelledByItIsNotToldOfATime(Configuration configuration) throws Exception {
        configuration.run(() -> {
            var told = new ArrayList<String>();
            assertThatThrownBy(() ->
                            Scope.run(scope -> {
                                scope.fork(() -> {
                                    throw new IOException("the first");
                                });
                                try {
                                    Deadline.within(LONG, () -> Fiber.sleep(LONG));
                                    return true;
                                } catch (CancelledException e) {
                                    told.add(e.getMessage());
                                    throw e;
                                }
                            }))
                    .hasMessage("the first");
            assertThat(told).containsExactly("the scope around it was cancelled");
        });
    }
}
