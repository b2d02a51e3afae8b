package dev.volokno.fiber;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.volokno.DeadlineException;
import dev.volokno.fiber.Ticker.Missed;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
import dev.volokno.support.Turns;
import dev.volokno.support.Waiting;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

class TickerTest {
    private static final Duration PERIOD = Duration.ofMillis(2);
    private static final Duration LONG = Duration.ofHours(1);

    @EachConfiguration
    void noTickIsEarly(Configuration configuration) throws Exception {
        configuration.run(() -> {
            long began = System.nanoTime();
            Ticker ticker = Ticker.every(PERIOD, Missed.BURST);
            for (int i = 1; i <= 5; i++) {
                assertThat(ticker.await()).isZero();
                assertThat(System.nanoTime() - began).isGreaterThanOrEqualTo(i * PERIOD.toNanos());
            }
        });
    }

    @EachConfiguration
    void aSlowBodyMissesTicksAndIsNotOverlapped(Configuration configuration) throws Exception {
        configuration.run(() -> {
            boolean inside = false;
            int ticks = 0;
            long missed = 0;
            for (long more : Ticker.every(PERIOD, Missed.SKIP)) {
                assertThat(inside).isFalse();
                inside = true;
                missed += more;
                Fiber.sleep(PERIOD.multipliedBy(3));
                inside = false;
                if (++ticks == 4) {
                    break;
                }
            }
            assertThat(missed).isGreaterThanOrEqualTo(3);
        });
    }

    @EachConfiguration
    void whatABurstIsBehindComesAtOnce(Configuration configuration) throws Exception {
        configuration.run(() -> {
            Ticker ticker = Ticker.every(PERIOD, Missed.BURST);
            Fiber.sleep(PERIOD.multipliedBy(5));
            int atOnce = 0;
            while (Select.first(
                    Select.when(ticker.ticking(), _ -> true),
                    Select.after(Duration.ZERO, () -> false))) {
                atOnce++;
            }
            assertThat(atOnce).isGreaterThanOrEqualTo(5);
        });
    }

    @EachConfiguration
    void aCancelledWaitTakesNoTick(Configuration configuration) throws Exception {
        configuration.run(() -> {
            Ticker ticker = Ticker.every(LONG, Missed.SKIP);
            var waiter = Waiting.untilParked(Fiber.start(() -> ticker.await()));
            waiter.cancel();
            assertThatThrownBy(waiter::join).isInstanceOf(CancellationException.class);
            assertThatThrownBy(() -> Deadline.within(PERIOD, () -> ticker.await()))
                    .isInstanceOf(DeadlineException.class);
        });
    }

    @EachConfiguration
    void aSelectTakesTheFirstAndTheLoopRests(Configuration configuration) throws Exception {
        configuration.run(() -> {
            Ticker slow = Ticker.every(LONG, Missed.SKIP);
            Ticker fast = Ticker.every(PERIOD, Missed.SKIP);
            long began = System.nanoTime();
            String first =
                    Select.first(
                            Select.when(slow.ticking(), _ -> "slow"),
                            Select.when(fast.ticking(), _ -> "fast"));
            assertThat(first).isEqualTo("fast");
            assertThat(System.nanoTime() - began).isGreaterThanOrEqualTo(PERIOD.toNanos() / 2);
            Turns.assertRest();
        });
    }

    @Test
    void whatMakesNoSenseIsRefused() {
        assertThatThrownBy(() -> Ticker.every(Duration.ZERO, Missed.SKIP))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("PT0S");
        Ticker ticker = Ticker.every(LONG, Missed.SKIP);
        assertThatThrownBy(() -> Select.first(Select.when(ticker.ticking(), _ -> 1)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("is no fiber");
    }
}
