package dev.volokno.fd;

import dev.volokno.engine.Place;
import dev.volokno.fiber.Event;
import dev.volokno.fiber.Fiber;
import dev.volokno.linux.Poll;
import java.io.Closeable;
import java.io.IOException;
import java.time.Instant;
import java.time.ZonedDateTime;

/**
 * Waits for the times of a {@link Schedule}, by the wall clock; setting that clock, or summer time,
 * is taken into account at once.
 *
 * <ul>
 *   <li>Each time is told once, when the clock shows it or more, and never before.
 *   <li>Times that were passed meanwhile (the clock was set forward, the machine slept, whoever
 *       waits was busy) are told by one: the earliest of them, at once. The others are left out.
 *   <li>When the clock is set back by up to three hours, what was told is not told again. When it
 *       is set back farther, it was wrong before: the schedule begins anew at the time it shows
 *       now.
 * </ul>
 *
 * <p>It begins when it is opened. The machine is not woken for it.
 */
public final class Alarm implements Closeable {
    private final TimerFd timer;
    private final Appointments appointments;

    private Alarm(TimerFd timer, Appointments appointments) {
        this.timer = timer;
        this.appointments = appointments;
    }

    /** Opens an alarm on the current loop, for the times of {@code schedule} from now on. */
    public static Alarm on(Schedule schedule) throws IOException {
        return new Alarm(
                TimerFd.open(TimerFd.Clock.REALTIME), new Appointments(schedule, Instant.now()));
    }

    /**
     * Waits for the next time. Parks; a cancelled wait takes none. One fiber at a time.
     *
     * @return the time that was due; later than that by the clock if it was passed
     */
    public ZonedDateTime await() throws IOException {
        Fiber.checkpoint();
        while (!appointments.isDue(Instant.now())) {
            arm();
            timer.take();
        }
        return appointments.taken(Instant.now());
    }

    /** Armed for what is due next by a clock that was not set between the two looks at it. */
    private void arm() throws IOException {
        Instant armedFor;
        do {
            armedFor = appointments.next().toInstant();
            timer.atUnlessSet(armedFor);
            appointments.isDue(Instant.now());
        } while (!armedFor.equals(appointments.next().toInstant()));
    }

    /** The time that it waits for. */
    public ZonedDateTime next() {
        return appointments.next();
    }

    /**
     * The event of the next time, for {@link dev.volokno.fiber.Select}; its value is what {@link
     * #await} returns.
     */
    public Event<ZonedDateTime> due() {
        return new Due();
    }

    @Override
    public void close() throws IOException {
        timer.close();
    }

    @Override
    public String toString() {
        return "alarm for " + next() + " on " + timer;
    }

    private final class Due extends Event<ZonedDateTime> {
        private final Readiness expiry = new Readiness(timer.fd(), Poll.POLLIN);
        private ZonedDateTime value = next();

        @Override
        protected boolean tryTake() {
            Instant now = Instant.now();
            if (!appointments.isDue(now)) {
                return false;
            }
            value = appointments.taken(now);
            return true;
        }

        @Override
        protected void begin(Place place) throws IOException {
            arm();
            expiry.begin(place);
        }

        @Override
        protected void end() {
            expiry.end();
        }

        /** It may only be the clock that was set: then the timer is armed anew. */
        @Override
        protected boolean isTaken() throws IOException {
            return expiry.isTaken() && tryTake();
        }

        @Override
        protected ZonedDateTime value() {
            return value;
        }
    }
}
