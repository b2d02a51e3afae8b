package dev.volokno.fd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.volokno.fiber.Fiber;
import dev.volokno.fiber.Select;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
import dev.volokno.support.Waiting;
import dev.volokno.support.WallClock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.concurrent.CancellationException;

class AlarmTest {
    private static Schedule every(Duration step) {
        return Schedule.of(ZoneOffset.UTC, after -> after.plus(step));
    }

    @EachConfiguration
    void eachTimeIsToldWhenTheClockShowsIt(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (Alarm alarm = Alarm.on(every(Duration.ofMillis(3)))) {
                for (int i = 0; i < 3; i++) {
                    ZonedDateTime expected = alarm.next();
                    assertThat(alarm.await()).isEqualTo(expected);
                    assertThat(Instant.now()).isAfterOrEqualTo(expected.toInstant());
                    assertThat(alarm.next()).isAfter(expected);
                }
            }
        });
    }

    @EachConfiguration
    void aCancelledWaitTakesNone(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (Alarm alarm = Alarm.on(every(Duration.ofHours(1)))) {
                ZonedDateTime expected = alarm.next();
                var waiter = Waiting.untilParked(Fiber.start(() -> alarm.await()));
                waiter.cancel();
                assertThatThrownBy(waiter::join).isInstanceOf(CancellationException.class);
                assertThat(alarm.next()).isEqualTo(expected);
            }
        });
    }

    @EachConfiguration
    void aSelectTakesTheNextTime(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (Alarm soon = Alarm.on(every(Duration.ofMillis(3)));
                    Alarm late = Alarm.on(every(Duration.ofHours(1)))) {
                ZonedDateTime expected = soon.next();
                ZonedDateTime told =
                        Select.first(
                                Select.when(late.due(), time -> time),
                                Select.when(soon.due(), time -> time));
                assertThat(told).isEqualTo(expected);
            }
        });
    }

    @EachConfiguration
    void whoWaitsGoesOnWaitingWhenTheClockIsSet(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (Alarm alarm = Alarm.on(every(Duration.ofMillis(50)))) {
                ZonedDateTime expected = alarm.next();
                var waiter = Waiting.untilParked(Fiber.start(() -> alarm.await()));
                assumeTrue(WallClock.stepByNothing(), "needs CAP_SYS_TIME");
                assertThat(waiter.join()).isEqualTo(expected);
                expected = alarm.next();
                var selector =
                        Waiting.untilParked(
                                Fiber.start(() ->
                                        Select.first(Select.when(alarm.due(), time -> time))));
                WallClock.stepByNothing();
                assertThat(selector.join()).isEqualTo(expected);
            }
        });
    }
}
