package dev.volokno.mosquitto;

import dev.volokno.fd.Fd.Condition;
import dev.volokno.foreign.Watch;
import java.time.Duration;
import java.util.Set;

/**
 * What the driver was told to wait for. Telling it again costs system calls and wakes its fiber, so
 * only changes are told.
 */
final class Told {
    private static final int NONE = -1;

    private int socket = NONE;
    private Set<Condition> conditions = Set.of();
    private boolean timed;
    private long due;

    /** A connection begins: its socket may have the number of the one before. */
    void forget() {
        conditions = Set.of();
    }

    void nothing(Watch watch) {
        on(watch, NONE, Set.of());
        if (timed) {
            timed = false;
            watch.callNever();
        }
    }

    void on(Watch watch, int number, Set<Condition> wanted) {
        if (number != socket || wanted != conditions) {
            watch.clear();
            watch.on(number, wanted);
            socket = number;
            conditions = wanted;
        }
    }

    /** A time by {@link System#nanoTime}. */
    void at(Watch watch, long nanoTime) {
        if (!timed || nanoTime != due) {
            timed = true;
            due = nanoTime;
            watch.callAfter(Duration.ofNanos(nanoTime - System.nanoTime()));
        }
    }

    void soon(Watch watch) {
        long now = System.nanoTime();
        if (!timed || due - now > 0) {
            at(watch, now);
        }
    }

    /** The time has come, which is told of once. */
    void cameDue() {
        timed = false;
    }
}
