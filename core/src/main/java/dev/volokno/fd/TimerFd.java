package dev.volokno.fd;

import dev.volokno.DeadlineException;
import dev.volokno.SystemCallException;
import dev.volokno.backend.Kernel;
import dev.volokno.descriptor.Descriptor;
import dev.volokno.descriptor.Kind;
import dev.volokno.fiber.Deadline;
import dev.volokno.fiber.Event;
import dev.volokno.linux.Errno;
import dev.volokno.linux.SysTimerfd;
import dev.volokno.linux.Time;
import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A timer of the kernel's (timerfd_create(2)), for what a loop's own timers cannot do: go by the
 * wall clock or by a clock that counts the time the machine sleeps, wake the machine, and tell that
 * the wall clock was set. For mere waiting {@link dev.volokno.fiber.Fiber#sleep} and {@link
 * dev.volokno.fiber.Ticker} are cheaper.
 *
 * <p>It is not armed at first. Arming it anew forgets what has expired and was not taken. Never
 * early; how late is the kernel's business.
 */
public final class TimerFd implements Closeable {
    /** What {@link #take} returns if the wall clock was set. */
    public static final long CLOCK_SET = 0;

    private static final int FLAGS = SysTimerfd.TFD_NONBLOCK | SysTimerfd.TFD_CLOEXEC;
    private static final Duration SOONEST = Duration.ofNanos(1);

    private final Fd fd;
    private final Descriptor descriptor;
    private final Counter counter;
    private final Clock clock;

    /** The clock was set while the timer was armed anew, which the kernel told then. */
    private final AtomicBoolean setMeanwhile = new AtomicBoolean();

    /** What a timer goes by (clock_gettime(2)). */
    public enum Clock {
        /** Time since some moment, never set; stands still while the machine sleeps. */
        MONOTONIC(Time.CLOCK_MONOTONIC, Time.CLOCK_MONOTONIC),
        /** The time of day, which may be set. */
        REALTIME(Time.CLOCK_REALTIME, Time.CLOCK_REALTIME),
        /** Like {@link #MONOTONIC}, but goes on while the machine sleeps. */
        BOOTTIME(Time.CLOCK_BOOTTIME, Time.CLOCK_BOOTTIME),
        /** Like {@link #REALTIME}, and wakes the machine; needs {@code CAP_WAKE_ALARM}. */
        REALTIME_ALARM(Time.CLOCK_REALTIME_ALARM, Time.CLOCK_REALTIME),
        /** Like {@link #BOOTTIME}, and wakes the machine; needs {@code CAP_WAKE_ALARM}. */
        BOOTTIME_ALARM(Time.CLOCK_BOOTTIME_ALARM, Time.CLOCK_BOOTTIME);

        private final int number;

        /** Shows the same, also on a machine that has nothing to wake it. */
        private final int read;

        Clock(int number, int read) {
            this.number = number;
            this.read = read;
        }

        /** What it shows: the time since its own zero, which is 1970 for the wall clock. */
        public Duration now() throws IOException {
            try (Arena arena = Arena.ofConfined()) {
                long timespec = arena.allocate(Time.TIMESPEC_SIZE, 8).address();
                Kernel.check(
                        "clock_gettime",
                        Time.gettime(Kernel.newErrno(arena), read, timespec),
                        "the clock " + this);
                return Duration.ofSeconds(Time.seconds(timespec), Time.nanos(timespec));
            }
        }

        private boolean tellsTimeOfDay() {
            return read == Time.CLOCK_REALTIME;
        }
    }

    private TimerFd(Fd fd, Clock clock) {
        this.fd = fd;
        this.clock = clock;
        descriptor = fd.descriptor();
        counter = new Counter(fd, () -> setMeanwhile.getAndSet(false));
    }

    /**
     * Opens a timer that goes by {@code clock}, on the current loop.
     *
     * @throws SystemCallException with {@code EPERM} if the clock wakes the machine and the process
     *     may not
     */
    public static TimerFd open(Clock clock) throws IOException {
        Fd fd =
                Opening.one(
                        "timerfd_create",
                        Kind.ANY,
                        (errno, none) -> SysTimerfd.create(errno, clock.number, FLAGS));
        return new TimerFd(fd, clock);
    }

    // ---- arming

    /** Expires once, after {@code delay}; zero or less is at once. */
    public void after(Duration delay) throws IOException {
        arm(0, delay, Duration.ZERO);
    }

    /** Expires after each {@code period}, which must be positive. */
    public void every(Duration period) throws IOException {
        every(period, period);
    }

    /** Expires after {@code delay}, and then after each {@code period}. */
    public void every(Duration delay, Duration period) throws IOException {
        arm(0, delay, positive(period));
    }

    /**
     * Expires once, when the clock shows {@code reading}, a time since its zero as {@link
     * Clock#now} tells it. One that is over is now.
     */
    public void at(Duration reading) throws IOException {
        arm(SysTimerfd.TFD_TIMER_ABSTIME, reading, Duration.ZERO);
    }

    /**
     * Expires when the clock shows {@code first}, a time since its zero, and then after each {@code
     * period}.
     */
    public void at(Duration first, Duration period) throws IOException {
        arm(SysTimerfd.TFD_TIMER_ABSTIME, first, positive(period));
    }

    /**
     * Expires once, when the wall clock shows {@code time}, however it comes to that. One that is
     * over is now.
     *
     * @throws IllegalStateException if this timer does not go by the wall clock
     */
    public void at(Instant time) throws IOException {
        arm(SysTimerfd.TFD_TIMER_ABSTIME, reading(time), Duration.ZERO);
    }

    /**
     * Like {@link #at(Instant)}, but ends also when somebody sets the wall clock: {@link #take}
     * returns {@link #CLOCK_SET} then, and the timer has to be armed again, because {@code time}
     * may be nearer now, or farther. That the clock runs a little faster or slower for a while is
     * not setting it.
     *
     * @throws IllegalStateException if this timer does not go by the wall clock
     */
    public void atUnlessSet(Instant time) throws IOException {
        arm(
                SysTimerfd.TFD_TIMER_ABSTIME | SysTimerfd.TFD_TIMER_CANCEL_ON_SET,
                reading(time),
                Duration.ZERO);
    }

    /** Expires no more, and forgets what has expired. */
    public void disarm() throws IOException {
        set(0, Duration.ZERO, Duration.ZERO);
    }

    private Duration reading(Instant time) {
        if (!clock.tellsTimeOfDay()) {
            throw new IllegalStateException(
                    "the clock " + clock + " knows no time of day, such as " + time);
        }
        return Duration.ofSeconds(time.getEpochSecond(), time.getNano());
    }

    private static Duration positive(Duration period) {
        if (!period.isPositive()) {
            throw new IllegalArgumentException("a period is longer than 0, not " + period);
        }
        return period;
    }

    /** To the kernel a first expiry at 0 means none. */
    private void arm(int flags, Duration first, Duration period) throws IOException {
        set(flags, first.isPositive() ? first : SOONEST, period);
    }

    private void set(int flags, Duration first, Duration period) throws IOException {
        setMeanwhile.set(false);
        descriptor.call(
                "timerfd_settime",
                (errno, number) -> {
                    try (Arena arena = Arena.ofConfined()) {
                        long result =
                                SysTimerfd.settime(
                                        errno, number, flags, itimerspec(arena, first, period));
                        return Errno.ECANCELED.is(result) ? toldAlready() : result;
                    }
                });
    }

    private static long itimerspec(Arena arena, Duration first, Duration period) {
        long address = arena.allocate(SysTimerfd.ITIMERSPEC_SIZE, 8).address();
        Time.putTimespec(address + SysTimerfd.IT_INTERVAL, period.getSeconds(), period.getNano());
        Time.putTimespec(address + SysTimerfd.IT_VALUE, first.getSeconds(), first.getNano());
        return address;
    }

    /** The timer is armed all the same; whoever waits next is told. */
    private long toldAlready() {
        setMeanwhile.set(true);
        return 0;
    }

    // ---- waiting

    /**
     * Waits until it has expired. Parks.
     *
     * @return how often it has since the last call, or since it was armed: more than 1 if a
     *     periodic one was not waited for in time; {@link #CLOCK_SET} if it was armed by {@link
     *     #atUnlessSet} and the clock was set
     */
    public long take() throws IOException {
        return counter.take();
    }

    /**
     * Like {@link #take()}, for a limited time.
     *
     * @throws DeadlineException if it is over; nothing was taken then
     */
    public long take(Duration timeout) throws IOException {
        return Deadline.within(timeout, () -> take());
    }

    /**
     * The event that it has expired, for {@link dev.volokno.fiber.Select}; its value is what {@link
     * #take} would return.
     */
    public Event<Long> expiring() {
        return counter.taking();
    }

    /**
     * How long until it expires next; empty if it is not armed, or has expired for the last time.
     */
    public Optional<Duration> remaining() throws IOException {
        try (Arena arena = Arena.ofShared()) {
            MemorySegment spec = arena.allocate(SysTimerfd.ITIMERSPEC_SIZE, 8);
            descriptor.call(
                    "timerfd_gettime",
                    (errno, number) -> SysTimerfd.gettime(errno, number, spec.address()));
            long value = spec.address() + SysTimerfd.IT_VALUE;
            var left = Duration.ofSeconds(Time.seconds(value), Time.nanos(value));
            return left.isZero() ? Optional.empty() : Optional.of(left);
        }
    }

    /** What it goes by. */
    public Clock clock() {
        return clock;
    }

    /** The descriptor. */
    public Fd fd() {
        return fd;
    }

    @Override
    public void close() throws IOException {
        fd.close();
    }

    @Override
    public String toString() {
        return fd.toString();
    }
}
