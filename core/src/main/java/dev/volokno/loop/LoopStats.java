package dev.volokno.loop;

/**
 * Counts since a loop's start, as they were at one moment.
 *
 * @param turns how often it looked at the kernel
 * @param switches how often a fiber or a callback came to the loop's thread; callbacks alone if
 *     unconfined
 * @param timersExpired how many timers have run out
 * @param pendingOperations kernel requests in progress now
 * @param armedTimers timers armed now
 * @param leftBehind calls that go on although their caller was cancelled, because the kernel does
 *     not end them
 */
public record LoopStats(
        long turns,
        long switches,
        long timersExpired,
        long pendingOperations,
        int armedTimers,
        int leftBehind) {}
