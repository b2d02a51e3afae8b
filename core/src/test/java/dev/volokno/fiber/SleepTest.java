package dev.volokno.fiber;

import static org.assertj.core.api.Assertions.assertThat;

import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

class SleepTest {
    @EachConfiguration
    void aSleepIsNeverShort(Configuration configuration) throws Exception {
        configuration.run(() -> {
            for (int micros = -1; micros < 2_000; micros += 37) {
                long before = System.nanoTime();
                Fiber.sleep(Duration.ofNanos(micros * 1000L));
                assertThat(System.nanoTime() - before).isGreaterThanOrEqualTo(micros * 1000L);
            }
        });
    }

    @EachConfiguration
    void shorterSleepsEndFirst(Configuration configuration) throws Exception {
        List<Integer> order = Collections.synchronizedList(new ArrayList<>());
        configuration.run(() -> {
            for (int millis : new int[] {60, 20, 40, 1}) {
                Fiber.start(() -> {
                    Fiber.sleep(Duration.ofMillis(millis));
                    order.add(millis);
                });
            }
        });
        assertThat(order).containsExactly(1, 20, 40, 60);
    }

    @EachConfiguration
    void manyFibersSleepAtOnce(Configuration configuration) throws Exception {
        var slept = new AtomicInteger();
        configuration.run(() -> {
            for (int i = 0; i < 50_000; i++) {
                var time = Duration.ofNanos(i * 7919L % 50_000_000L);
                Fiber.start(() -> {
                    Fiber.sleep(time);
                    slept.incrementAndGet();
                });
            }
        });
        assertThat(slept).hasValue(50_000);
    }

    @EachConfiguration
    void sleepsWithOneDeadlineEndInTheOrderOfTheirStart(Configuration configuration)
            throws Exception {
        if (!configuration.confined()) {
            return;
        }
        List<Integer> order = new ArrayList<>();
        configuration.run(() -> {
            for (int i = 0; i < 1_000; i++) {
                int number = i;
                Fiber.start(() -> {
                    Fiber.sleep(Duration.ofMillis(1));
                    order.add(number);
                });
            }
        });
        assertThat(order).isSorted().hasSize(1_000);
    }

    @EachConfiguration
    void waitsOfTheJdkParkTheFiberAndNotTheLoop(Configuration configuration) throws Exception {
        configuration.run(() -> {
            var lock = new ReentrantLock();
            var monitor = new Object();
            lock.lock();
            var blocked =
                    Fiber.start(() -> {
                        synchronized (monitor) {
                            lock.lock();
                            lock.unlock();
                            LockSupport.parkNanos(100_000);
                        }
                    });
            Fiber.yield();
            var second =
                    Fiber.start(() -> {
                        synchronized (monitor) {
                            return "entered";
                        }
                    });
            Fiber.yield();
            lock.unlock();
            blocked.join();
            assertThat(second.join()).isEqualTo("entered");
        });
    }

    private static final ScopedValue<String> NAME = ScopedValue.newInstance();

    @EachConfiguration
    void scopedValuesAreCarriedIntoForkedFibers(Configuration configuration) throws Exception {
        if (!configuration.confined()) {
            return;
        }
        configuration.run(() ->
                ScopedValue.where(NAME, "carried")
                        .call(() -> {
                            assertThat(Fiber.start(() -> NAME.get()).join()).isEqualTo("carried");
                            return true;
                        }));
    }
}
