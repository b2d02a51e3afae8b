package dev.volokno.foreign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.volokno.CancelledException;
import dev.volokno.fd.EventFd;
import dev.volokno.fd.Fd.Condition;
import dev.volokno.fiber.Fiber;
import dev.volokno.loop.Loop;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicReference;

class DriverTest {
    private static final List<Boolean> SHAPES = List.of(false, true);

    /** Runs {@code body} with a toy that is asked, and with one that announces. */
    private static void withToys(Configuration configuration, Body body) throws Exception {
        for (boolean announcing : SHAPES) {
            configuration.run(() -> {
                try (var driver = Toy.start(announcing)) {
                    body.run(driver, Toy.of(driver));
                }
            });
        }
    }

    private interface Body {
        void run(Driver<Toy> driver, Toy toy) throws Exception;
    }

    @EachConfiguration
    void whatComesIsToldToTheLibrary(Configuration configuration) throws Exception {
        withToys(
                configuration,
                (driver, toy) -> {
                    driver.call(t -> t.write("ab"));
                    assertThat(toy.bytes.receive() + toy.bytes.receive()).isEqualTo("ab");
                    driver.call(t -> t.write("c"));
                    assertThat(toy.bytes.receive()).isEqualTo("c");
                    assertThat(toy.told).allMatch(c -> c.contains(Condition.READABLE));
                });
    }

    @EachConfiguration
    void anotherFileUnderTheSameNumberIsSeen(Configuration configuration) throws Exception {
        withToys(
                configuration,
                (driver, toy) -> {
                    for (int i = 0; i < 3; i++) {
                        int before = driver.call(Toy::fd);
                        driver.call(t -> t.write("aS"));
                        assertThat(toy.bytes.receive()).isEqualTo("a");
                        driver.call(t -> t.write("b"));
                        assertThat(toy.bytes.receive()).isEqualTo("b");
                        assertThat(driver.call(Toy::fd)).isEqualTo(before);
                    }
                });
    }

    @EachConfiguration
    void anotherFileUnderAnotherNumberIsSeen(Configuration configuration) throws Exception {
        withToys(
                configuration,
                (driver, toy) -> {
                    int before = driver.call(Toy::fd);
                    driver.call(t -> t.write("aN"));
                    assertThat(toy.bytes.receive()).isEqualTo("a");
                    driver.call(t -> t.write("b"));
                    assertThat(toy.bytes.receive()).isEqualTo("b");
                    assertThat(driver.call(Toy::fd)).isNotEqualTo(before);
                });
    }

    @EachConfiguration
    void withoutADescriptorItSleepsAndServesCalls(Configuration configuration) throws Exception {
        withToys(
                configuration,
                (driver, toy) -> {
                    driver.call(t -> t.write("aX"));
                    assertThat(toy.bytes.receive()).isEqualTo("a");
                    assertThat(driver.call(Toy::fd)).isEqualTo(-1);
                    long turns = Loop.current().stats().turns();
                    Fiber.sleep(Duration.ofMillis(20));
                    assertThat(Loop.current().stats().turns() - turns).isLessThan(20);
                    driver.call(Toy::reopen);
                    driver.call(t -> t.write("b"));
                    assertThat(toy.bytes.receive()).isEqualTo("b");
                });
    }

    @EachConfiguration
    void aClosedNumberIsToldOnceAndThenAFailure(Configuration configuration) throws Exception {
        configuration.run(() -> {
            var driver = Toy.asked();
            var toy = Toy.of(driver);
            driver.call(t -> t.write("L"));
            assertThatThrownBy(
                            () -> {
                                while (true) {
                                    driver.call(Toy::fd);
                                    Fiber.yield();
                                }
                            })
                    .isInstanceOf(LibraryEndedException.class)
                    .hasMessageContaining("EBADF")
                    .hasMessageContaining("of toy");
            assertThat(toy.told.getLast()).containsExactly(Condition.ERROR);
            assertThat(toy.ends).isEqualTo(1);
            driver.close();
        });
    }

    @EachConfiguration
    void aTimeComesOnceAndNeverEarly(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (var driver = Toy.announcing()) {
                var toy = Toy.of(driver);
                long before = System.nanoTime();
                driver.call(t -> t.write("TX"));
                assertThat(toy.dues.receive() - before).isGreaterThanOrEqualTo(2_000_000);
                Fiber.sleep(Duration.ofMillis(6));
                assertThat(toy.dues.size()).isZero();
            }
        });
    }

    @EachConfiguration
    void timesInThePastKeepNobodyFromTheirTurn(Configuration configuration) throws Exception {
        withToys(
                configuration,
                (driver, toy) -> {
                    driver.call(t -> t.every = Duration.ofMillis(-1));
                    for (int i = 0; i < 20; i++) {
                        driver.call(t -> t.write("a"));
                        assertThat(toy.bytes.receive()).isEqualTo("a");
                        toy.dues.receive();
                    }
                });
    }

    @EachConfiguration
    void callsComeFromAnywhere(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (var driver = Toy.asked();
                    var other = Loop.start(configuration.options())) {
                var toy = Toy.of(driver);
                var thread = new AtomicReference<Object>();
                var plain =
                        new Thread(() -> {
                            try {
                                thread.set(driver.call(t -> t.write("t")));
                            } catch (IOException e) {
                                thread.set(e);
                            }
                        });
                plain.start();
                assertThat(toy.bytes.receive()).isEqualTo("t");
                other.submit(() -> driver.call(t -> t.write("o"))).join();
                assertThat(toy.bytes.receive()).isEqualTo("o");
                plain.join();
                assertThat(thread.get()).isEqualTo(true);
            }
        });
    }

    @EachConfiguration
    void whatACallThrowsIsItsCallersAlone(Configuration configuration) throws Exception {
        withToys(
                configuration,
                (driver, toy) -> {
                    assertThatThrownBy(() ->
                                    driver.<Integer, IOException>call(t -> {
                                        throw new IOException("mine");
                                    }))
                            .isExactlyInstanceOf(IOException.class)
                            .hasMessage("mine");
                    assertThat(driver.call(Toy::fd)).isNotNegative();
                });
    }

    @EachConfiguration
    void aCancelledCallIsMadeAndDeliveredOrNotMadeAtAll(Configuration configuration)
            throws Exception {
        withToys(
                configuration,
                (driver, toy) -> {
                    for (int i = 0; i < 20; i++) {
                        List<String> made = new ArrayList<>();
                        var caller =
                                Fiber.start(() -> {
                                    try {
                                        return driver.call(t -> made.add("it"));
                                    } catch (CancelledException withdrawn) {
                                        return false;
                                    }
                                });
                        Fiber.yield();
                        caller.cancel();
                        boolean delivered = joined(caller);
                        int times = driver.call(t -> made.size());
                        assertThat(times).isEqualTo(delivered ? 1 : 0);
                    }
                });
    }

    private static boolean joined(Fiber<Boolean> caller) throws Exception {
        try {
            return caller.join();
        } catch (CancellationException beforeItBegan) {
            return false;
        }
    }

    @EachConfiguration
    void severalHandlesMayWaitForTheSameDescriptor(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (var event = EventFd.open()) {
                int number = event.fd().use(n -> n);
                List<Driver<Onlooker>> onlookers = new ArrayList<>();
                for (int i = 0; i < 3; i++) {
                    onlookers.add(
                            Driver.start("onlooker", (watch, _) -> new Onlooker(watch, number)));
                }
                event.add(1);
                for (var driver : onlookers) {
                    var onlooker = driver.call(o -> o);
                    assertThat(onlooker.seen.await()).containsExactly(Condition.READABLE);
                    driver.close();
                }
                assertThat(event.take()).isEqualTo(1);
            }
        });
    }

    /** Looks once at a descriptor that is not its own. */
    private static final class Onlooker implements Driven {
        private final Watch watch;
        final Answer<Set<Condition>> seen = new Answer<>("a look");

        Onlooker(Watch watch, int number) {
            this.watch = watch;
            watch.on(number, Set.of(Condition.READABLE));
        }

        @Override
        public void ready(int fd, Set<Condition> conditions) {
            seen.give(conditions);
            watch.off(fd);
        }

        @Override
        public void due() {
            throw new AssertionError("no time was asked for");
        }

        @Override
        public void end(Optional<Throwable> failure) {}
    }

    @EachConfiguration
    void hundredsOfHandlesShareALoopAndNoThreads(Configuration configuration) throws Exception {
        int count = 300;
        configuration.run(() -> {
            List<Driver<Toy>> drivers = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                drivers.add(Toy.start(i % 2 == 0));
            }
            int threads = Thread.activeCount();
            for (var driver : drivers) {
                driver.call(t -> t.write("x"));
            }
            for (var driver : drivers) {
                assertThat(Toy.of(driver).bytes.receive()).isEqualTo("x");
            }
            assertThat(Thread.activeCount()).isLessThan(threads + 20);
            for (var driver : drivers) {
                driver.close();
            }
        });
    }
}
