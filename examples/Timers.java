/** Ticks, alarms by the calendar, and the kernel's timers and counters. See docs/fd. */
import module dev.volokno;

void main() throws Exception {
    Loop.run(() -> {
        tick();
        alarm();
        expire();
        count();
    });
}

void tick() {
    int ticks = 0;
    for (long missed : Ticker.every(Duration.ofMillis(10), Ticker.Missed.SKIP)) {
        IO.println("tick " + ++ticks + (missed > 0 ? ", and some were missed" : ""));
        if (ticks == 3) {
            return;
        }
        Fiber.sleep(Duration.ofMillis(15)); // longer than a period
    }
}

void alarm() throws IOException {
    var backups = Schedule.daily(LocalTime.of(2, 30), ZoneId.of("Europe/Prague"));
    try (var alarm = Alarm.on(backups)) {
        IO.println("backup at " + alarm.next().toLocalTime());
        // var due = alarm.await(); waits for it, across summer time and a clock that is set
    }
    var soon = Schedule.of(ZoneOffset.UTC, now -> now.plus(Duration.ofMillis(20)));
    try (var alarm = Alarm.on(soon)) {
        var due = alarm.await();
        IO.println("alarm: " + !Instant.now().isBefore(due.toInstant()));
    }
}

void expire() throws Exception {
    try (var timer = TimerFd.open(TimerFd.Clock.BOOTTIME)) { // counts while the machine sleeps
        timer.every(Duration.ofMillis(5));
        IO.println("expired: " + (timer.take() > 0));
    }
    try (var timer = TimerFd.open(TimerFd.Clock.REALTIME)) {
        timer.atUnlessSet(Instant.now().plusMillis(5));
        IO.println(timer.take() == TimerFd.CLOCK_SET ? "the clock was set" : "it is time");
    }
}

void count() throws Exception {
    try (var jobs = EventFd.openSemaphore();
            var stop = EventFd.open()) {
        jobs.add(2);
        Fiber.start(() -> {
            Fiber.sleep(Duration.ofMillis(5));
            stop.add(1);
        });
        var going = true;
        while (going) {
            going =
                    Select.first(
                            Select.when(jobs.taking(), _ -> done("job")),
                            Select.when(stop.taking(), _ -> !done("stop")));
        }
    }
}

boolean done(String what) {
    IO.println("event: " + what);
    return true;
}
