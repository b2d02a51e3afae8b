package dev.volokno.foreign;

import dev.volokno.backend.ForeignSleep;
import dev.volokno.engine.Bound;
import dev.volokno.engine.Engine;
import dev.volokno.fd.Fd.Condition;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What a library waits for now: descriptors, and a time. Told by the methods of {@link Driven}, by
 * calls of {@link Driver#call}, and by callbacks inside of either; nowhere else.
 *
 * <p>All of it stays until something else is told, but for the time, which comes once. Telling
 * costs system calls at the next sleep, so a library that announces changes tells only of them.
 */
public final class Watch {
    private final Engine engine;
    private final ForeignSleep sleep;
    private final Thread driver = Thread.currentThread();

    /** Who may tell now: the driver as a rule. */
    private Thread teller = driver;

    /** The events of each number that is waited for. */
    private final Map<Integer, Integer> wanted = new HashMap<>();

    /** What is waited for no more, unless it is named again before the next sleep. */
    private final Set<Integer> cleared = new HashSet<>();

    private boolean timed;
    private boolean changed;
    private long dueNanos;

    Watch(Engine engine, ForeignSleep sleep) {
        this.engine = engine;
        this.sleep = sleep;
    }

    /**
     * Waits for {@code fd} too, or for something else of it than before; named again it may be
     * another file than before. A negative number is none, as in poll(2).
     *
     * @param conditions of {@link Condition#READABLE}, {@link Condition#WRITABLE} and {@link
     *     Condition#PRIORITY}; if none, it is as {@link #off}
     */
    public void on(int fd, Set<Condition> conditions) {
        if (conditions.isEmpty()) {
            off(fd);
            return;
        }
        int events = Condition.bits(conditions);
        refuseOthers();
        if (fd >= 0) {
            cleared.remove(fd);
            wanted.put(fd, events);
            sleep.watch(fd, events);
        }
    }

    /** Waits for {@code fd} no more; told before the library closes it, or after. */
    public void off(int fd) {
        refuseOthers();
        if (wanted.remove(fd) != null) {
            cleared.remove(fd);
            sleep.watch(fd, 0);
        }
    }

    /** Waits for no descriptor but those that are named after this. */
    public void clear() {
        refuseOthers();
        cleared.addAll(wanted.keySet());
    }

    /**
     * Has {@link Driven#due} called after {@code delay}, once; this takes the place of a time that
     * was told before. Zero or less is soon: after the present call, and after those who wait.
     */
    public void callAfter(Duration delay) {
        refuseOthers();
        timed = true;
        dueNanos = engine.nanoTime() + Bound.nanos(delay);
    }

    /** No time is waited for. */
    public void callNever() {
        refuseOthers();
        timed = false;
    }

    private void refuseOthers() {
        changed = true;
        if (Thread.currentThread() != teller) {
            throw new IllegalStateException(
                    Thread.currentThread() + " is not " + driver + ", which drives the library");
        }
    }

    // ---- the driver's

    /** Somebody who runs in the driver's place may tell. */
    void lend(Thread other) {
        teller = other;
        changed = false;
    }

    /** Nobody else may tell any more; whether something was told. */
    boolean takeBack() {
        teller = driver;
        return changed;
    }

    /** Drops what was cleared and not named again. */
    void settle() {
        if (!cleared.isEmpty()) {
            for (int fd : cleared) {
                wanted.remove(fd);
                sleep.watch(fd, 0);
            }
            cleared.clear();
        }
    }

    boolean isTimed() {
        return timed;
    }

    /** How long until the time has come; not positive if it has. */
    long nanosLeft() {
        return dueNanos - engine.nanoTime();
    }

    /** Takes the time out if it has come. */
    boolean takeDue() {
        boolean due = timed && nanosLeft() <= 0;
        timed = timed && !due;
        return due;
    }
}
