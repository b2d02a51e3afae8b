package dev.volokno.foreign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.volokno.CancelledException;
import dev.volokno.fiber.Action;
import dev.volokno.fiber.Fiber;
import dev.volokno.fiber.Scope;
import dev.volokno.loop.Loop;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/** How a library's handle ends, and what its users see of it. */
class DriverEndTest {
    @EachConfiguration
    void closingFreesTheHandleOnceAndRefusesCalls(Configuration configuration) throws Exception {
        configuration.run(() -> {
            var driver = Toy.asked();
            var toy = Toy.of(driver);
            driver.close();
            driver.close();
            assertThat(toy.ends).isEqualTo(1);
            assertThat(toy.failure).isEmpty();
            assertThat(driver.isOpen()).isFalse();
            assertThatThrownBy(() -> driver.call(Toy::fd))
                    .isInstanceOf(LibraryEndedException.class)
                    .hasMessage("toy is closed");
        });
    }

    @EachConfiguration
    @SuppressWarnings("NullAway") // what somebody may do whose compiler does not look
    void aCallOfNothingIsRefusedAndEndsNothing(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (var driver = Toy.asked()) {
                assertThatThrownBy(() -> driver.call(null))
                        .isInstanceOf(NullPointerException.class)
                        .hasMessage("body");
                assertThatThrownBy(() -> driver.post(null))
                        .isInstanceOf(NullPointerException.class)
                        .hasMessage("body");
                assertThat(driver.call(Toy::fd)).isNotNegative();
            }
        });
    }

    @EachConfiguration
    @SuppressWarnings("NullAway") // the same
    void anOpeningThatMakesNoHandleFails(Configuration configuration) throws Exception {
        configuration.run(() ->
                assertThatThrownBy(() -> Driver.<Toy, IOException>start("toy", (_, _) -> null))
                        .isInstanceOf(NullPointerException.class)
                        .hasMessage("the handle of toy"));
    }

    @EachConfiguration
    void callersMeetTheEndAndNoneIsLeftBehind(Configuration configuration) throws Exception {
        configuration.run(() -> {
            for (int round = 0; round < 10; round++) {
                var driver = Toy.asked();
                List<Fiber<Integer>> callers = new ArrayList<>();
                for (int i = 0; i < 20; i++) {
                    callers.add(Fiber.start(() -> callUntilTheEnd(driver)));
                }
                Fiber.yield();
                var closers = List.of(Fiber.start(driver::close), Fiber.start(driver::close));
                for (var caller : callers) {
                    assertThat(caller.join()).isNotNegative();
                }
                for (var closer : closers) {
                    closer.join();
                }
            }
        });
    }

    private static int callUntilTheEnd(Driver<Toy> driver) {
        int calls = 0;
        while (true) {
            try {
                driver.call(Toy::fd);
                calls++;
            } catch (LibraryEndedException end) {
                return calls;
            }
        }
    }

    @EachConfiguration
    void theEndOfTheLoopEndsTheHandle(Configuration configuration) throws Exception {
        var toy = new AtomicReference<Toy>();
        configuration.run(() -> toy.set(Toy.of(Toy.announcing())));
        assertThat(toy.get().ends).isEqualTo(1);
        assertThat(toy.get().failure.orElseThrow()).isInstanceOf(CancelledException.class);
    }

    @EachConfiguration
    void whoeverIsStoppedWithTheLoopCanStillTakeLeaveOfTheLibrary(Configuration configuration)
            throws Exception {
        var toy = new AtomicReference<Toy>();
        configuration.run(() -> {
            var open = new Answer<Boolean>("the toy");
            Fiber.start(() -> {
                try (var driver = Toy.asked()) {
                    toy.set(Toy.of(driver));
                    open.give(true);
                    sleepAndThen(() -> driver.call(t -> t.write("bye")));
                }
            });
            open.await();
            Loop.current().stop(Duration.ofSeconds(10));
        });
        assertThat(toy.get().failure).isEmpty();
        assertThat(toy.get().ends).isEqualTo(1);
    }

    private static void sleepAndThen(Action<IOException> leaveTaking) throws IOException {
        try {
            Fiber.sleep(Duration.ofHours(1));
        } finally {
            Scope.shield(Duration.ofSeconds(10), leaveTaking);
        }
    }

    @EachConfiguration
    void whatTheLibraryThrowsEndsTheHandleAndIsTheCause(Configuration configuration)
            throws Exception {
        configuration.run(() -> {
            var driver = Toy.asked();
            var toy = Toy.of(driver);
            driver.call(t -> t.write("E"));
            assertFails(driver, IOException.class, "the toy is broken");
            assertThat(toy.ends).isEqualTo(1);
            assertThat(toy.failure.orElseThrow()).hasMessage("the toy is broken");
        });
    }

    @EachConfiguration
    void whatACallbackThrowsEndsTheHandleAndNotTheProcess(Configuration configuration)
            throws Exception {
        configuration.run(() -> {
            var driver = Toy.asked();
            driver.call(t ->
                    t.onBytes =
                            _ -> {
                                throw new IllegalArgumentException("no such byte");
                            });
            driver.call(t -> t.write("ab"));
            assertFails(driver, IllegalArgumentException.class, "no such byte");
        });
    }

    @EachConfiguration
    void aCallbackThatWaitsIsRefused(Configuration configuration) throws Exception {
        List<Consumer<Driver<Toy>>> waits =
                List.of(
                        _ -> Fiber.sleep(Duration.ofMillis(1)),
                        _ -> Fiber.yield(),
                        _ -> new Answer<String>("nothing").await(),
                        driver -> {
                            try {
                                driver.call(Toy::fd);
                            } catch (LibraryEndedException e) {
                                throw new AssertionError(e);
                            }
                        });
        configuration.run(() -> {
            for (var wait : waits) {
                var driver = Toy.asked();
                driver.call(t -> t.onBytes = _ -> wait.accept(driver));
                driver.call(t -> t.write("a"));
                assertFails(driver, IllegalStateException.class, "inside a call of toy");
            }
        });
    }

    @EachConfiguration
    void aCallbackMayPostAndClose(Configuration configuration) throws Exception {
        configuration.run(() -> {
            var driver = Toy.asked();
            var toy = Toy.of(driver);
            driver.call(t ->
                    t.onBytes =
                            text -> {
                                driver.post(again -> again.bytes.trySend("posted " + text));
                            });
            driver.call(t -> t.write("a"));
            assertThat(toy.bytes.receive()).isEqualTo("posted a");
            driver.call(t -> t.onBytes = _ -> close(driver));
            driver.call(t -> t.write("b"));
            assertFails(driver, null, "toy is closed");
            assertThat(toy.ends).isEqualTo(1);
        });
    }

    private static void close(Driver<Toy> driver) {
        try {
            driver.close();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @EachConfiguration
    void whatIsPostedAndThrowsEndsTheHandle(Configuration configuration) throws Exception {
        configuration.run(() -> {
            var driver = Toy.asked();
            driver.post(_ -> {
                throw new IllegalStateException("posted");
            });
            assertFails(driver, IllegalStateException.class, "posted");
            driver.post(_ -> {
                throw new AssertionError("after the end");
            });
        });
    }

    @EachConfiguration
    void aHandleThatCannotBeOpenedIsTheStartersFailure(Configuration configuration)
            throws Exception {
        configuration.run(() ->
                assertThatThrownBy(() ->
                                Driver.<Toy, IOException>start(
                                        "toy",
                                        (_, _) -> {
                                            throw new IOException("no toys left");
                                        }))
                        .isExactlyInstanceOf(IOException.class)
                        .hasMessage("no toys left"));
    }

    @EachConfiguration
    void anAnswerIsGivenOnceAndAwaitedAgainAfterACancellation(Configuration configuration)
            throws Exception {
        configuration.run(() -> {
            var answer = new Answer<String>("the word");
            var waiter = Fiber.start(() -> answer.await());
            Fiber.yield();
            waiter.cancel();
            assertThatThrownBy(waiter::join)
                    .isInstanceOf(java.util.concurrent.CancellationException.class);
            var next = Fiber.start(() -> answer.await());
            Fiber.yield();
            assertThat(answer.give("yes")).isTrue();
            assertThat(answer.give("no")).isFalse();
            assertThat(next.join()).isEqualTo("yes");
            var failed = new Answer<String>("the word");
            assertThatThrownBy(() -> failed.fail(null)).isInstanceOf(NullPointerException.class);
            failed.fail(new IOException("none"));
            assertThatThrownBy(() -> failed.<IOException>await())
                    .isExactlyInstanceOf(IOException.class)
                    .hasMessage("none");
        });
    }

    /** Calls until the handle has failed by that; by nothing if {@code type} is null. */
    private static void assertFails(Driver<Toy> driver, Class<?> type, String message)
            throws IOException {
        assertThatThrownBy(
                        () -> {
                            while (true) {
                                driver.call(Toy::fd);
                                Fiber.sleep(Duration.ofMillis(1));
                            }
                        })
                .isInstanceOf(LibraryEndedException.class)
                .hasMessageContaining(message)
                .satisfies(end -> {
                    if (type != null) {
                        assertThat(end.getCause()).isInstanceOf(type);
                    }
                });
        driver.close();
    }
}
