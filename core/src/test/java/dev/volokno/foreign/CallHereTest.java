package dev.volokno.foreign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.volokno.fd.Fd.Condition;
import dev.volokno.fiber.Fiber;
import dev.volokno.fiber.Offload;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Calls that a fiber of the driver's loop makes in the driver's place. */
class CallHereTest {
    /** A library that wants to be called after a while, and remembers what it was told. */
    private static final class Alarm implements Driven {
        private final Watch watch;
        private Optional<Duration> wanted = Optional.empty();
        private boolean broken;
        private boolean ended;
        private final Answer<Boolean> rung = new Answer<>("the alarm");

        Alarm(Watch watch) {
            this.watch = watch;
        }

        @Override
        public void prepare(Watch same) {
            if (broken) {
                throw new IllegalStateException("broken");
            }
            wanted.ifPresent(watch::callAfter);
            wanted = Optional.empty();
        }

        @Override
        public void ready(int fd, Set<Condition> conditions) {}

        @Override
        public void due() {
            rung.give(true);
        }

        @Override
        public void end(Optional<Throwable> failure) {
            ended = true;
        }
    }

    private static Driver<Alarm> start() throws IOException {
        Driver<Alarm> driver = Driver.start("alarm", (watch, upcalls) -> new Alarm(watch));
        // Its fiber comes to its first sleep.
        Fiber.yield();
        return driver;
    }

    @EachConfiguration
    void theCallerMakesTheCallItselfIfItRunsOnTheSameThread(Configuration configuration)
            throws Exception {
        configuration.run(() -> {
            try (var driver = start()) {
                Thread caller = Thread.currentThread();
                Thread maker = driver.callHere(alarm -> Thread.currentThread());
                assertThat(maker == caller).isEqualTo(configuration.confined());
                Thread elsewhere =
                        Offload.call(() -> driver.callHere(alarm -> Thread.currentThread()));
                assertThat(elsewhere)
                        .isNotEqualTo(caller)
                        .extracting(Thread::isVirtual)
                        .isEqualTo(true);
            }
        });
    }

    @EachConfiguration
    void whatTheCallChangesIsWaitedFor(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (var driver = start()) {
                Answer<Boolean> rung =
                        driver.callHere(alarm -> {
                            alarm.wanted = Optional.of(Duration.ofMillis(1));
                            return alarm.rung;
                        });
                assertThat(rung.await()).isTrue();
            }
        });
    }

    @EachConfiguration
    void nothingWaitsInsideOfIt(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (var driver = start()) {
                assertThatThrownBy(() ->
                                driver.callHere(alarm -> {
                                    Fiber.sleep(Duration.ofMillis(1));
                                    return alarm;
                                }))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("alarm");
                Fiber.sleep(Duration.ofMillis(1));
                assertThat(driver.isOpen()).isTrue();
            }
        });
    }

    @EachConfiguration
    void whatTheLibraryThrowsAfterwardsEndsIt(Configuration configuration) throws Exception {
        configuration.run(() -> {
            var driver = start();
            Alarm library =
                    driver.callHere(alarm -> {
                        alarm.broken = true;
                        return alarm;
                    });
            while (driver.isOpen()) {
                Fiber.yield();
            }
            assertThat(library.ended).isTrue();
            assertThatThrownBy(() -> driver.callHere(alarm -> 1))
                    .isInstanceOf(LibraryEndedException.class)
                    .hasMessageContaining("broken");
            driver.close();
        });
    }

    /** A fiber that waits for a lock lets the others of its thread run, also from inside. */
    @EachConfiguration
    void nobodyComesInWhileACallIsKeptByALock(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (var driver = start()) {
                var lock = new CompletableFuture<Boolean>();
                var order = new ArrayList<String>();
                var kept =
                        Fiber.start(() ->
                                driver.callHere(alarm -> {
                                    order.add("in");
                                    lock.join();
                                    return order.add("out");
                                }));
                while (order.isEmpty()) {
                    Fiber.yield();
                }
                driver.post(alarm -> order.add("posted"));
                var after = Fiber.start(() -> driver.callHere(alarm -> order.add("after")));
                for (int i = 0; i < 10; i++) {
                    Fiber.yield();
                }
                lock.complete(true);
                kept.join();
                after.join();
                assertThat(order).containsExactly("in", "out", "posted", "after");
            }
        });
    }
}
