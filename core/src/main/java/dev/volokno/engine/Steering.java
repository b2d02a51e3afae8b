package dev.volokno.engine;

import dev.volokno.backend.Operation;

/**
 * Takes the place of time and of chance in a loop that is tested: what time it is, who runs next,
 * and what happens when nobody can. On the loop's thread, unless it says otherwise.
 */
public interface Steering {
    /** The time, in the place of {@link System#nanoTime}. Any thread. */
    long nanoTime();

    /** Which of {@code count} ready fibers runs next; 0 is the one that was ready first. */
    int next(int count);

    /**
     * Nothing can run now. How long to wait for the kernel, in real time: 0 to look again at once,
     * negative for ever. {@code toFirst} is the time to the first timer, -1 if there is none; the
     * other that of the JDK's own, which are real.
     */
    long idle(long toFirst, long toFirstOfJdk);

    /** The current strand has come to a place where it may be cancelled. */
    void checkpoint(Strand strand);

    /** The current strand is about to park. */
    void waits(Strand strand);

    /**
     * An operation is about to begin: {@link dev.volokno.backend.Backend#PENDING} to let it, or the
     * answer it gets instead.
     */
    long begins(Operation operation, boolean mayWait);
}
