package dev.volokno.fd;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.TemporalAdjusters;
import java.util.Objects;
import java.util.function.UnaryOperator;

/**
 * Times by the calendar of a time zone, such as daily at 02:30 in Prague: which one comes next. It
 * only computes; {@link Alarm} waits.
 *
 * <p>Where summer time begins, a time that does not exist is as much later as the clock was put
 * forward: 02:30 is 03:30 that day. Where it ends, a time that exists twice is the first of the
 * two. So each day, week and month has one of its times, and only one.
 */
public final class Schedule {
    /** The time on this day, or on the next day on which it has one. */
    private interface Calendar {
        ZonedDateTime onOrAfter(LocalDate day);
    }

    private final ZoneId zone;
    private final UnaryOperator<ZonedDateTime> next;

    private Schedule(ZoneId zone, UnaryOperator<ZonedDateTime> next) {
        this.zone = Objects.requireNonNull(zone, "zone");
        this.next = Objects.requireNonNull(next, "next");
    }

    private static Schedule onDays(ZoneId zone, Calendar calendar) {
        return new Schedule(zone, after -> firstAfter(after, calendar));
    }

    /** Every day at {@code time}. */
    public static Schedule daily(LocalTime time, ZoneId zone) {
        Objects.requireNonNull(time, "time");
        return onDays(zone, day -> day.atTime(time).atZone(zone));
    }

    /** Every week on {@code day} at {@code time}. */
    public static Schedule weekly(DayOfWeek day, LocalTime time, ZoneId zone) {
        Objects.requireNonNull(time, "time");
        return onDays(
                zone,
                from -> from.with(TemporalAdjusters.nextOrSame(day)).atTime(time).atZone(zone));
    }

    /**
     * Every month on its {@code day}-th day at {@code time}; on its last day if it has not as many.
     */
    public static Schedule monthly(int day, LocalTime time, ZoneId zone) {
        Objects.requireNonNull(time, "time");
        if (day < 1 || day > 31) {
            throw new IllegalArgumentException("no month has a day " + day);
        }
        return onDays(zone, from -> inMonth(from, day).atTime(time).atZone(zone));
    }

    private static LocalDate inMonth(LocalDate from, int day) {
        LocalDate inThis = dayOf(YearMonth.from(from), day);
        return inThis.isBefore(from) ? dayOf(YearMonth.from(from).plusMonths(1), day) : inThis;
    }

    private static LocalDate dayOf(YearMonth month, int day) {
        return month.atDay(Math.min(day, month.lengthOfMonth()));
    }

    /**
     * Times of your own: {@code next} gets a time of {@code zone} and returns the first one after
     * it.
     */
    public static Schedule of(ZoneId zone, UnaryOperator<ZonedDateTime> next) {
        return new Schedule(zone, next);
    }

    /** The first time after {@code after}, in the schedule's zone. */
    public ZonedDateTime next(Instant after) {
        ZonedDateTime found = next.apply(after.atZone(zone));
        if (!found.toInstant().isAfter(after)) {
            throw new IllegalStateException(
                    "a schedule goes on: after " + after.atZone(zone) + " it has " + found);
        }
        return found;
    }

    private static ZonedDateTime firstAfter(ZonedDateTime after, Calendar calendar) {
        // From the day before: a time that was put off by summer time may fall on the next day.
        LocalDate day = after.toLocalDate().minusDays(1);
        ZonedDateTime found = calendar.onOrAfter(day);
        while (!found.isAfter(after)) {
            day = day.plusDays(1);
            found = calendar.onOrAfter(day);
        }
        return found;
    }
}
