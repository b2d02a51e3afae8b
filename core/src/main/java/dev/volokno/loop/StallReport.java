package dev.volokno.loop;

import java.time.Duration;
import java.util.List;

/**
 * A fiber has held a loop's thread too long.
 *
 * @param duration for how long at least
 * @param thread the thread that was last seen to run there, a fiber's as a rule
 * @param stack where it is
 */
public record StallReport(Duration duration, Thread thread, List<StackTraceElement> stack) {
    @Override
    public String toString() {
        var text =
                new StringBuilder(
                        "the loop has been held for " + duration.toMillis() + " ms by " + thread);
        for (StackTraceElement frame : stack) {
            text.append(System.lineSeparator()).append("\tat ").append(frame);
        }
        return text.toString();
    }
}
