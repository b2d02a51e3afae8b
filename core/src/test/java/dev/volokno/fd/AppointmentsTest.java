package dev.volokno.fd;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

/** What an alarm for 02:30 tells, by a clock that is set. */
class AppointmentsTest {
    private final Schedule daily = Schedule.daily(LocalTime.of(2, 30), ZoneOffset.UTC);

    private static Instant at(String dayAndTime) {
        return Instant.parse("2026-05-" + dayAndTime + ":00Z");
    }

    private static Instant next(Appointments appointments) {
        return appointments.next().toInstant();
    }

    @Test
    void aTimeIsDueWhenTheClockShowsItAndNotBefore() {
        var appointments = new Appointments(daily, at("10T00:00"));
        assertThat(appointments.isDue(at("10T02:29"))).isFalse();
        assertThat(appointments.isDue(at("10T02:30"))).isTrue();
        assertThat(appointments.taken(at("10T02:30")).toInstant()).isEqualTo(at("10T02:30"));
        assertThat(appointments.isDue(at("10T02:30"))).isFalse();
        assertThat(next(appointments)).isEqualTo(at("11T02:30"));
    }

    @Test
    void timesThatTheClockWasSetBeyondAreToldByTheFirstOfThem() {
        var appointments = new Appointments(daily, at("10T00:00"));
        assertThat(appointments.isDue(at("15T12:00"))).isTrue();
        assertThat(appointments.taken(at("15T12:00")).toInstant()).isEqualTo(at("10T02:30"));
        assertThat(next(appointments)).isEqualTo(at("16T02:30"));
    }

    @Test
    void aClockSetBackALittleTellsNothingTwice() {
        var appointments = new Appointments(daily, at("10T00:00"));
        appointments.taken(at("10T02:31"));
        assertThat(appointments.isDue(at("10T02:00"))).isFalse();
        assertThat(appointments.isDue(at("10T02:30"))).isFalse();
        assertThat(next(appointments)).isEqualTo(at("11T02:30"));
    }

    @Test
    void aClockThatWasWrongBeforeBeginsAnew() {
        var appointments = new Appointments(daily, at("20T00:00"));
        assertThat(appointments.isDue(at("10T02:00"))).isFalse();
        assertThat(next(appointments)).isEqualTo(at("10T02:30"));
        assertThat(appointments.isDue(at("10T02:30"))).isTrue();
    }

    @Test
    void aTimeSetBackBeforeItWasToldIsWaitedForAgain() {
        var appointments = new Appointments(daily, at("10T00:00"));
        assertThat(appointments.isDue(at("10T02:30"))).isTrue();
        assertThat(appointments.isDue(at("10T01:30"))).isFalse();
        assertThat(next(appointments)).isEqualTo(at("10T02:30"));
    }
}
