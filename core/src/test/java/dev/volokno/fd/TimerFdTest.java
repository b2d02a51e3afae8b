package dev.volokno.fd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.volokno.DeadlineException;
import dev.volokno.SystemCallException;
import dev.volokno.fd.TimerFd.Clock;
import dev.volokno.fiber.Fiber;
import dev.volokno.fiber.Select;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
import dev.volokno.support.Turns;
import dev.volokno.support.Waiting;
import dev.volokno.support.WallClock;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

class TimerFdTest {
    private static final Duration SHORT = Duration.ofMillis(2);
    private static final Duration LONG = Duration.ofHours(1);

    @EachConfiguration
    void onEveryClockItExpiresOnceAndNeverEarly(Configuration configuration) throws Exception {
        configuration.run(() -> {
            for (Clock clock : Clock.values()) {
                try (TimerFd timer = TimerFd.open(clock)) {
                    Duration before = clock.now();
                    timer.after(SHORT);
                    assertThat(timer.take()).isEqualTo(1);
                    assertThat(clock.now().minus(before)).isGreaterThanOrEqualTo(SHORT);
                    assertThat(timer.remaining()).isEmpty();
                } catch (SystemCallException e) {
                    assertThat(e.errno()).as("without CAP_WAKE_ALARM").isEqualTo("EPERM");
                }
            }
        });
    }

    @EachConfiguration
    void aReadingOfItsClockIsWaitedForAndOneThatIsOverIsNow(Configuration configuration)
            throws Exception {
        configuration.run(() -> {
            try (TimerFd timer = TimerFd.open(Clock.BOOTTIME)) {
                Duration reading = Clock.BOOTTIME.now().plus(SHORT);
                timer.at(reading);
                timer.take();
                assertThat(Clock.BOOTTIME.now()).isGreaterThanOrEqualTo(reading);
                timer.at(Duration.ZERO);
                assertThat(timer.take()).isEqualTo(1);
                timer.after(Duration.ofSeconds(-1));
                assertThat(timer.take()).isEqualTo(1);
            }
        });
    }

    @EachConfiguration
    void aTimeOfDayIsWaitedFor(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (TimerFd timer = TimerFd.open(Clock.REALTIME)) {
                Instant time = Instant.now().plus(SHORT);
                timer.at(time);
                timer.take();
                assertThat(Instant.now()).isAfterOrEqualTo(time);
                timer.at(Instant.MAX);
                assertThat(timer.remaining()).isPresent();
                timer.at(Instant.MIN);
                assertThat(timer.take()).isEqualTo(1);
            }
        });
    }

    @EachConfiguration
    void periodsThatNobodyTookAreToldTogether(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (TimerFd timer = TimerFd.open(Clock.MONOTONIC)) {
                Duration period = Duration.ofMillis(1);
                Duration began = Clock.MONOTONIC.now();
                timer.every(period);
                assertThat(timer.take()).isPositive();
                Fiber.sleep(Duration.ofMillis(5));
                long more = timer.take();
                assertThat(more).isGreaterThanOrEqualTo(4);
                Duration passed = Clock.MONOTONIC.now().minus(began);
                assertThat(period.multipliedBy(more)).isLessThanOrEqualTo(passed);
            }
        });
    }

    @EachConfiguration
    void whoIsCancelledTakesNothing(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (TimerFd timer = TimerFd.open(Clock.MONOTONIC)) {
                timer.after(LONG);
                var waiter = Waiting.untilParked(Fiber.start(() -> timer.take()));
                waiter.cancel();
                assertThatThrownBy(waiter::join).isInstanceOf(CancellationException.class);
                assertThatThrownBy(() -> timer.take(SHORT)).isInstanceOf(DeadlineException.class);
                timer.after(Duration.ZERO);
                assertThat(timer.take()).isEqualTo(1);
            }
        });
    }

    @EachConfiguration
    void armingAnewForgetsWhatHasExpired(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (TimerFd timer = TimerFd.open(Clock.MONOTONIC)) {
                timer.after(Duration.ZERO);
                timer.fd().awaitReadable();
                timer.after(LONG);
                assertThat(timer.remaining().orElseThrow()).isBetween(LONG.minusMinutes(1), LONG);
                assertThatThrownBy(() -> timer.take(SHORT)).isInstanceOf(DeadlineException.class);
                timer.disarm();
                assertThat(timer.remaining()).isEmpty();
            }
        });
    }

    @EachConfiguration
    void aSelectTakesItAndLeavesWhatItDidNotTake(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (TimerFd timer = TimerFd.open(Clock.MONOTONIC);
                    TimerFd other = TimerFd.open(Clock.MONOTONIC)) {
                timer.after(SHORT);
                other.after(LONG);
                String first =
                        Select.first(
                                Select.when(other.expiring(), times -> "other " + times),
                                Select.when(timer.expiring(), times -> "timer " + times));
                assertThat(first).isEqualTo("timer 1");
                other.after(Duration.ZERO);
                assertThat(other.take()).isEqualTo(1);
                Turns.assertRest();
            }
        });
    }

    @EachConfiguration
    void thatTheWallClockIsSetIsToldAndIsNoFailure(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (TimerFd timer = TimerFd.open(Clock.REALTIME)) {
                timer.atUnlessSet(Instant.now().plus(LONG));
                var waiter = Waiting.untilParked(Fiber.start(() -> timer.take()));
                setByNothing();
                assertThat(waiter.join()).isEqualTo(TimerFd.CLOCK_SET);
                timer.atUnlessSet(Instant.now().plus(SHORT));
                assertThat(timer.take()).isEqualTo(1);
            }
        });
    }

    @EachConfiguration
    void thatItIsSetIsToldToASelectAndToWhoArmsTheTimerAnew(Configuration configuration)
            throws Exception {
        configuration.run(() -> {
            try (TimerFd timer = TimerFd.open(Clock.REALTIME)) {
                timer.atUnlessSet(Instant.now().plus(LONG));
                setByNothing();
                long told = Select.first(Select.when(timer.expiring(), times -> times));
                assertThat(told).isEqualTo(TimerFd.CLOCK_SET);
                timer.atUnlessSet(Instant.now().plus(LONG));
                setByNothing();
                timer.atUnlessSet(Instant.now().plus(LONG));
                assertThat(timer.take()).isEqualTo(TimerFd.CLOCK_SET);
            }
        });
    }

    private static void setByNothing() {
        if (!WallClock.stepByNothing()) {
            abort("only a process with CAP_SYS_TIME may set the clock");
        }
    }

    @EachConfiguration
    void whoWaitsIsToldOfTheClose(Configuration configuration) throws Exception {
        configuration.run(() -> {
            TimerFd timer = TimerFd.open(Clock.MONOTONIC);
            timer.after(LONG);
            var waiter =
                    Waiting.untilParked(
                            Fiber.start(() ->
                                    assertThatThrownBy(timer::take)
                                            .isInstanceOf(AsynchronousCloseException.class)));
            timer.close();
            waiter.join();
            assertThatThrownBy(timer::take).isInstanceOf(ClosedChannelException.class);
        });
    }

    @Test
    void whatMakesNoSenseIsRefused() throws Exception {
        Configuration.EPOLL.run(() -> {
            try (TimerFd timer = TimerFd.open(Clock.MONOTONIC)) {
                assertThatThrownBy(() -> timer.every(Duration.ZERO))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("PT0S");
                assertThatThrownBy(() -> timer.at(Instant.EPOCH))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("MONOTONIC");
            }
        });
    }
}
