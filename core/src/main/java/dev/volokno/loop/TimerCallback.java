package dev.volokno.loop;

import java.time.Duration;

/** What {@link Loop#after} calls. */
@FunctionalInterface
public interface TimerCallback {
    /** A negative delay: the timer ends. */
    Duration END = Duration.ofSeconds(-1);

    /**
     * Deals with a delay that is over. Must not wait.
     *
     * @return after how much time, from its return on, it is to be called again; a negative one
     *     such as {@link #END} ends the timer
     */
    Duration over() throws Exception;
}
