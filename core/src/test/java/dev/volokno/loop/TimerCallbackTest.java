package dev.volokno.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.volokno.fiber.Channel;
import dev.volokno.fiber.Fiber;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
import dev.volokno.support.EachLoop;
import dev.volokno.support.Waiting;
import dev.volokno.testing.TestLoop;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Timers that call. */
class TimerCallbackTest {
    private static final Duration SHORT = Duration.ofMillis(2);

    @EachLoop
    void theAnswerIsTheNextDelay(Configuration configuration) throws Exception {
        List<Integer> calls = new ArrayList<>();
        configuration.run(() ->
                Loop.current()
                        .after(
                                SHORT,
                                () -> {
                                    calls.add(calls.size());
                                    return calls.size() < 3 ? SHORT : TimerCallback.END;
                                }));
        assertThat(calls).containsExactly(0, 1, 2);
    }

    @EachConfiguration
    void aCallIsNeverEarly(Configuration configuration) throws Exception {
        configuration.run(() -> {
            var early = Channel.<Long>bounded(1);
            long begun = System.nanoTime();
            Loop.current()
                    .after(
                            SHORT,
                            () -> {
                                early.trySend(begun + SHORT.toNanos() - System.nanoTime());
                                return TimerCallback.END;
                            });
            assertThat(early.receive()).isNotPositive();
        });
    }

    @EachLoop
    void equalDelaysAreCalledInTheOrderOfTheirStart(Configuration configuration) throws Exception {
        // The order of what is ready together is drawn on a test loop.
        if (configuration == Configuration.TEST_LOOP) {
            return;
        }
        List<Integer> order = new ArrayList<>();
        configuration.run(() -> {
            for (int i = 0; i < 20; i++) {
                int own = i;
                Loop.current()
                        .after(
                                Duration.ZERO,
                                () -> {
                                    order.add(own);
                                    return TimerCallback.END;
                                });
            }
        });
        assertThat(order).isSorted().hasSize(20);
    }

    @EachLoop
    void aTimerWithoutDelayStarvesNeitherFibersNorTimers(Configuration configuration)
            throws Exception {
        configuration.run(() -> {
            var calls = new int[1];
            Registration busy =
                    Loop.current()
                            .after(
                                    Duration.ZERO,
                                    () -> {
                                        calls[0]++;
                                        return Duration.ZERO;
                                    });
            if (configuration == Configuration.TEST_LOOP) {
                // Time stands still there while anything can run.
                Fiber.yield();
            } else {
                Fiber.sleep(SHORT);
                assertThat(calls[0]).isPositive();
            }
            busy.close();
        });
    }

    @EachLoop
    void aClosedTimerIsNotCalled(Configuration configuration) throws Exception {
        configuration.run(() -> {
            var calls = new int[1];
            Registration never =
                    Loop.current()
                            .after(
                                    SHORT,
                                    () -> {
                                        calls[0]++;
                                        return TimerCallback.END;
                                    });
            never.close();
            Fiber.sleep(SHORT.multipliedBy(3));
            assertThat(calls[0]).isZero();
            assertThat(Loop.current().stats().armedTimers()).isZero();
        });
    }

    @EachLoop
    void aTimerClosesItselfAndItsNeighbour(Configuration configuration) throws Exception {
        List<String> calls = new ArrayList<>();
        configuration.run(() -> {
            var both = new ArrayList<Registration>();
            for (String name : List.of("one", "other")) {
                both.add(
                        Loop.current()
                                .after(
                                        Duration.ZERO,
                                        () -> {
                                            calls.add(name);
                                            both.forEach(Registration::close);
                                            return Duration.ZERO;
                                        }));
            }
        });
        assertThat(calls).hasSize(1);
    }

    @EachConfiguration
    void anotherThreadClosesATimer(Configuration configuration) throws Exception {
        configuration.run(() -> {
            Registration endless = Loop.current().after(Duration.ZERO, () -> Duration.ZERO);
            var thread = Thread.ofPlatform().start(endless::close);
            Waiting.until(() -> !thread.isAlive());
            assertThat(endless.isActive()).isFalse();
        });
    }

    @EachConfiguration
    void aDelayLongerThanTheClockCountsIsForEver(Configuration configuration) throws Exception {
        configuration.run(() -> {
            Registration never =
                    Loop.current()
                            .after(Duration.ofSeconds(Long.MAX_VALUE), () -> TimerCallback.END);
            Fiber.sleep(SHORT);
            assertThat(never.isActive()).isTrue();
            never.close();
        });
    }

    @Test
    void aYearOfCallsTakesNoTimeOnATestLoop() throws Exception {
        var calls = new int[1];
        TestLoop.create()
                .run(() -> {
                    Instant begun = Loop.current().clock().instant();
                    var done = Channel.<Instant>bounded(1);
                    Loop loop = Loop.current();
                    loop.after(
                            Duration.ofDays(1),
                            () -> {
                                if (++calls[0] < 365) {
                                    return Duration.ofDays(1);
                                }
                                done.trySend(loop.clock().instant());
                                return TimerCallback.END;
                            });
                    assertThat(Duration.between(begun, done.receive()))
                            .isGreaterThanOrEqualTo(Duration.ofDays(365));
                });
        assertThat(calls[0]).isEqualTo(365);
    }

    @Test
    void aBlockedLoopSkipsWhatItMissed() throws Exception {
        Loop.run(() -> {
            List<Long> gaps = new ArrayList<>();
            var last = new long[] {System.nanoTime()};
            var done = Channel.<Boolean>bounded(1);
            Loop.current()
                    .after(
                            SHORT,
                            () -> {
                                gaps.add(System.nanoTime() - last[0]);
                                last[0] = System.nanoTime();
                                if (gaps.size() == 3) {
                                    done.trySend(true);
                                    return TimerCallback.END;
                                }
                                return SHORT;
                            });
            // Holds the loop's thread for several delays.
            long until = System.nanoTime() + SHORT.multipliedBy(5).toNanos();
            while (System.nanoTime() < until) {
                Thread.onSpinWait();
            }
            done.receive();
            assertThat(gaps.get(1)).isGreaterThanOrEqualTo(SHORT.toNanos());
            assertThat(gaps.get(2)).isGreaterThanOrEqualTo(SHORT.toNanos());
        });
    }
}
