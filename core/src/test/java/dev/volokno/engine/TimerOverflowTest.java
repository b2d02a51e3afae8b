package dev.volokno.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.volokno.fiber.Fiber;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
import dev.volokno.support.Waiting;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Deadlines further apart than differences of nanoTime values can tell. */
class TimerOverflowTest {
    private static final Duration SHORT = Duration.ofMillis(5);

    @EachConfiguration
    void theLongestWaitOfTheJdkDoesNotHoldUpATimerThatIsOverdue(Configuration configuration)
            throws Exception {
        configuration.run(() -> {
            var gate = new CompletableFuture<String>();
            Waiting.untilParked(
                    Fiber.start(() -> {
                        Fiber.sleep(SHORT);
                        gate.complete("slept");
                    }));
            holdTheLoopUntilTheSleepIsOverdue();
            assertThat(gate.get(Long.MAX_VALUE, TimeUnit.NANOSECONDS)).isEqualTo("slept");
        });
    }

    private static void holdTheLoopUntilTheSleepIsOverdue() {
        long begin = System.nanoTime();
        while (System.nanoTime() - begin <= SHORT.toNanos()) {
            Thread.onSpinWait();
        }
    }
}
