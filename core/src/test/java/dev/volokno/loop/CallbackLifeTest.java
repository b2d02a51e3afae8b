package dev.volokno.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.volokno.fd.EventFd;
import dev.volokno.fd.Fd;
import dev.volokno.fd.Pipe;
import dev.volokno.fiber.Channel;
import dev.volokno.fiber.Fiber;
import dev.volokno.support.Bytes;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
import dev.volokno.support.EachLoop;
import dev.volokno.support.Waiting;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;

/** How long callbacks live, what they may do meanwhile, and what becomes of what they throw. */
class CallbackLifeTest {
    private static final Duration SHORT = Duration.ofMillis(2);

    private static Conditions again() {
        return Conditions.READABLE;
    }

    @EachLoop
    void aCallbackClosesItsOwnDescriptor(Configuration configuration) throws Exception {
        List<String> calls = new ArrayList<>();
        configuration.run(() -> {
            Pipe pipe = Pipe.open();
            pipe.sink().write(Bytes.of("x"));
            Loop.current()
                    .watch(
                            pipe.source().fd(),
                            Conditions.READABLE,
                            _ -> {
                                calls.add("called");
                                pipe.source().close();
                                assertThat(pipe.source().isOpen()).isFalse();
                                return again();
                            });
            pipe.sink().close();
        });
        assertThat(calls).containsExactly("called");
    }

    @EachLoop
    void aCallbackClosesANeighboursDescriptorThatIsReadyToo(Configuration configuration)
            throws Exception {
        List<String> calls = new ArrayList<>();
        configuration.run(() -> {
            Pipe one = Pipe.open();
            Pipe other = Pipe.open();
            Loop loop = Loop.current();
            one.sink().write(Bytes.of("x"));
            other.sink().write(Bytes.of("x"));
            WatchCallback closing =
                    _ -> {
                        calls.add("called");
                        one.close();
                        other.close();
                        return again();
                    };
            // Both begin in one go, and so both are ready when the first is called.
            loop.after(
                    Duration.ZERO,
                    () -> {
                        loop.watch(one.source().fd(), Conditions.READABLE, closing);
                        loop.watch(other.source().fd(), Conditions.READABLE, closing);
                        return TimerCallback.END;
                    });
        });
        assertThat(calls).hasSize(1);
    }

    @EachLoop
    void closingADescriptorEndsItsWatchAndWaitsForIt(Configuration configuration) throws Exception {
        configuration.run(() -> {
            Pipe pipe = Pipe.open();
            Registration watch =
                    Loop.current().watch(pipe.source().fd(), Conditions.READABLE, _ -> again());
            Fiber.yield();
            pipe.close();
            Waiting.until(() -> !watch.isActive());
        });
    }

    @EachLoop
    void aClosedWatchLeavesTheDescriptorToOthers(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (Pipe pipe = Pipe.open()) {
                Registration watch =
                        Loop.current()
                                .watch(
                                        pipe.source().fd(),
                                        Conditions.READABLE,
                                        _ -> {
                                            throw new AssertionError("called after its end");
                                        });
                watch.close();
                watch.close();
                pipe.sink().write(Bytes.of("x"));
                assertThat(Bytes.read(pipe.source())).isEqualTo("x");
            }
        });
    }

    @EachConfiguration
    void anotherThreadClosesAWatchWhileItIsCalled(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (var event = EventFd.open()) {
                event.add(1);
                for (int i = 0; i < 20; i++) {
                    Registration busy =
                            Loop.current().watch(event.fd(), Conditions.READABLE, _ -> again());
                    Fiber.yield();
                    var thread = Thread.ofPlatform().start(busy::close);
                    Waiting.until(() -> !thread.isAlive());
                    assertThat(busy.isActive()).isFalse();
                }
            }
        });
    }

    @EachLoop
    void aWatchedDescriptorIsInUse(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (Pipe pipe = Pipe.open()) {
                Fd fd = pipe.source().fd();
                Registration watch = Loop.current().watch(fd, Conditions.READABLE, _ -> again());
                assertThatThrownBy(fd::release)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("in use");
                watch.close();
            }
        });
    }

    @EachLoop
    void aLoopGoesOnWhileCallbacksDoAndFibersCanStillBeStarted(Configuration configuration)
            throws Exception {
        List<String> done = new ArrayList<>();
        configuration.run(() -> {
            Loop loop = Loop.current();
            loop.after(
                    SHORT,
                    () -> {
                        loop.submit(() -> {
                            Fiber.sleep(SHORT);
                            done.add("the fiber that a callback started");
                        });
                        return TimerCallback.END;
                    });
            // The body ends here.
        });
        assertThat(done).hasSize(1);
    }

    @EachLoop
    void aDaemonDoesNotKeepTheLoop(Configuration configuration) throws Exception {
        var left = new ArrayList<Registration>();
        configuration.run(() -> {
            Loop loop = Loop.current();
            Pipe pipe = Pipe.open();
            left.add(loop.watch(pipe.source().fd(), Conditions.READABLE, _ -> again()).daemon());
            left.add(loop.after(SHORT, () -> SHORT).daemon());
            Fiber.sleep(SHORT);
            assertThat(left).allMatch(Registration::isActive);
            loop.after(
                    SHORT,
                    () -> {
                        pipe.close();
                        return TimerCallback.END;
                    });
        });
        assertThat(left).noneMatch(Registration::isActive);
    }

    @EachConfiguration
    void aStoppedLoopEndsItsCallbacks(Configuration configuration) throws Exception {
        var left = new ArrayList<Registration>();
        configuration.run(() -> {
            Loop loop = Loop.current();
            Pipe pipe = Pipe.open();
            left.add(loop.watch(pipe.source().fd(), Conditions.READABLE, _ -> again()));
            left.add(loop.after(Duration.ofDays(1), () -> SHORT));
            loop.after(
                    SHORT,
                    () -> {
                        loop.stop(SHORT);
                        return Duration.ofDays(1);
                    });
        });
        assertThat(left).noneMatch(Registration::isActive);
    }

    @EachConfiguration
    void aLoopThatHasEndedTakesNoCallbacks(Configuration configuration) throws Exception {
        var ended = new Loop[1];
        configuration.run(() -> ended[0] = Loop.current());
        assertThatThrownBy(() -> ended[0].after(SHORT, () -> SHORT))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("ended");
    }

    // ---- failures

    @EachLoop
    void whatACallbackThrowsEndsTheLoopAsAFibersFailureDoes(Configuration configuration) {
        var others = new ArrayList<Registration>();
        assertThatThrownBy(() ->
                        configuration.run(() -> {
                            Loop loop = Loop.current();
                            others.add(loop.after(Duration.ofDays(9), () -> SHORT));
                            loop.after(
                                    SHORT,
                                    () -> {
                                        throw new IOException("the callback's");
                                    });
                        }))
                .isInstanceOf(IOException.class)
                .hasMessage("the callback's");
        assertThat(others).noneMatch(Registration::isActive);
    }

    @EachConfiguration
    void aStartedLoopSurvivesWhatACallbackThrows(Configuration configuration) throws Exception {
        try (Loop loop = Loop.start(configuration.options())) {
            var thrown = new CountDownLatch(1);
            Registration failing =
                    loop.after(
                            Duration.ZERO,
                            () -> {
                                thrown.countDown();
                                throw new IllegalStateException("for the log of this test");
                            });
            thrown.await();
            Waiting.until(() -> !failing.isActive());
            assertThat(loop.submit(() -> "goes on").join()).isEqualTo("goes on");
        }
    }

    @EachConfiguration
    void aHandlerGetsWhatCallbacksThrowAndTheOthersGoOn(Configuration configuration)
            throws Exception {
        BlockingQueue<Throwable> handled = new LinkedBlockingQueue<>();
        Loop.run(
                configuration.options().withCallbackHandler(handled::add),
                () -> {
                    Loop loop = Loop.current();
                    var failure = new IOException("the callback's");
                    Registration failing =
                            loop.after(
                                    SHORT,
                                    () -> {
                                        throw failure;
                                    });
                    var told = Channel.<Boolean>bounded(1);
                    loop.after(
                            SHORT.multipliedBy(2),
                            () -> {
                                told.trySend(true);
                                return TimerCallback.END;
                            });
                    told.receive();
                    assertThat(handled).containsExactly(failure);
                    assertThat(failing.isActive()).isFalse();
                });
    }

    @EachConfiguration
    void whatTheHandlerThrowsHasTheCallbacksFailureWithIt(Configuration configuration) {
        LoopOptions options =
                configuration
                        .options()
                        .withCallbackHandler(_ -> {
                            throw new IllegalStateException("the handler's");
                        });
        assertThatThrownBy(() ->
                        Loop.run(
                                options,
                                () ->
                                        Loop.current()
                                                .after(
                                                        SHORT,
                                                        () -> {
                                                            throw new IOException("first");
                                                        })))
                .hasMessage("the handler's")
                .satisfies(thrown -> assertThat(thrown.getSuppressed()[0]).hasMessage("first"));
    }

    @EachLoop
    void noAnswerIsAFailureAndEndsTheWatch(Configuration configuration) {
        assertThatThrownBy(() -> configuration.run(() -> Loop.current().after(SHORT, () -> null)))
                .isInstanceOf(NullPointerException.class);
    }

    // ---- beside fibers

    @EachConfiguration
    void callbacksThatAreAlwaysReadyStarveNeitherFibersNorTimers(Configuration configuration)
            throws Exception {
        configuration.run(() -> {
            try (var event = EventFd.open();
                    Pipe pipe = Pipe.open()) {
                event.add(1);
                var calls = new int[1];
                var busy = new ArrayList<Registration>();
                for (int i = 0; i < 5; i++) {
                    busy.add(
                            Loop.current()
                                    .watch(
                                            event.fd(),
                                            Conditions.READABLE,
                                            _ -> {
                                                calls[0]++;
                                                return again();
                                            }));
                }
                var reader = Waiting.untilParked(Fiber.start(() -> Bytes.read(pipe.source())));
                Fiber.sleep(SHORT);
                pipe.sink().write(Bytes.of("served"));
                assertThat(reader.join()).isEqualTo("served");
                assertThat(calls[0]).isPositive();
                busy.forEach(Registration::close);
            }
        });
    }

    @EachLoop
    void aDumpTellsOfCallbacks(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (Pipe pipe = Pipe.open()) {
                Registration watch =
                        Loop.current().watch(pipe.source().fd(), Conditions.READABLE, _ -> again());
                assertThat(Loop.current().dump())
                        .contains("a watch of " + pipe.source() + " for READABLE");
                watch.close();
            }
        });
    }
}
