package dev.volokno.fd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Prague puts its clocks forward on 2026-03-29 at 02:00, and back on 2026-10-25 at 03:00. */
class ScheduleTest {
    private static final ZoneId PRAGUE = ZoneId.of("Europe/Prague");
    private static final LocalTime HALF_PAST_TWO = LocalTime.of(2, 30);

    private static List<String> after(String instant, int count, Schedule schedule) {
        var times = new ArrayList<String>();
        Instant last = Instant.parse(instant);
        for (int i = 0; i < count; i++) {
            ZonedDateTime next = schedule.next(last);
            times.add(next.toOffsetDateTime().toString());
            last = next.toInstant();
        }
        return times;
    }

    @Test
    void aDailyTimeComesOnceADay() {
        assertThat(after("2026-01-01T01:29:59.999Z", 3, Schedule.daily(HALF_PAST_TWO, PRAGUE)))
                .containsExactly(
                        "2026-01-01T02:30+01:00",
                        "2026-01-02T02:30+01:00",
                        "2026-01-03T02:30+01:00");
    }

    @Test
    void aTimeThatDoesNotExistIsAsMuchLaterAsTheClockWasPutForward() {
        assertThat(after("2026-03-28T00:00:00Z", 3, Schedule.daily(HALF_PAST_TWO, PRAGUE)))
                .containsExactly(
                        "2026-03-28T02:30+01:00",
                        "2026-03-29T03:30+02:00",
                        "2026-03-30T02:30+02:00");
    }

    @Test
    void aTimeThatExistsTwiceIsTheFirstOfTheTwo() {
        assertThat(after("2026-10-24T00:00:00Z", 3, Schedule.daily(HALF_PAST_TWO, PRAGUE)))
                .containsExactly(
                        "2026-10-24T02:30+02:00",
                        "2026-10-25T02:30+02:00",
                        "2026-10-26T02:30+01:00");
    }

    /** The Azores go forward at midnight: 23:30 of the day before and 00:30 are an hour apart. */
    @Test
    void aGapAtMidnightPutsATimeOffAndLosesNone() {
        var zone = ZoneId.of("Atlantic/Azores");
        assertThat(after("2026-03-28T12:00:00Z", 3, Schedule.daily(LocalTime.of(0, 30), zone)))
                .containsExactly("2026-03-29T01:30Z", "2026-03-30T00:30Z", "2026-03-31T00:30Z");
    }

    /** Samoa had no 30 December 2011. */
    @Test
    void aDayThatDoesNotExistHasItsTimeOnTheNext() {
        var zone = ZoneId.of("Pacific/Apia");
        var noon = Schedule.daily(LocalTime.NOON, zone);
        assertThat(after("2011-12-29T00:00:00Z", 3, noon))
                .containsExactly(
                        "2011-12-29T12:00-10:00",
                        "2011-12-31T12:00+14:00",
                        "2012-01-01T12:00+14:00");
    }

    @Test
    void aWeeklyTimeComesOnItsDay() {
        var sundays = Schedule.weekly(DayOfWeek.SUNDAY, HALF_PAST_TWO, PRAGUE);
        assertThat(after("2026-03-22T01:30:00Z", 2, sundays))
                .containsExactly("2026-03-29T03:30+02:00", "2026-04-05T02:30+02:00");
    }

    @Test
    void aMonthThatIsTooShortHasItsLastDay() {
        var last = Schedule.monthly(31, LocalTime.MIDNIGHT, PRAGUE);
        assertThat(after("2028-01-31T00:00:00Z", 4, last))
                .containsExactly(
                        "2028-02-29T00:00+01:00",
                        "2028-03-31T00:00+02:00",
                        "2028-04-30T00:00+02:00",
                        "2028-05-31T00:00+02:00");
    }

    @Test
    void timesOfOnesOwnAreAsked() {
        var hourly = Schedule.of(PRAGUE, after -> after.plusHours(1).withMinute(0));
        assertThat(after("2026-10-25T00:10:00Z", 2, hourly))
                .containsExactly("2026-10-25T02:00+01:00", "2026-10-25T03:00+01:00");
        var stuck = Schedule.of(PRAGUE, after -> after);
        assertThatThrownBy(() -> stuck.next(Instant.EPOCH))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("1970-01-01T01:00+01:00");
        assertThatThrownBy(() -> Schedule.monthly(32, LocalTime.NOON, PRAGUE))
                .hasMessageContaining("32");
    }
}
