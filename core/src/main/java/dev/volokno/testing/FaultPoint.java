package dev.volokno.testing;

/**
 * An operation that is about to begin.
 *
 * @param call the system call, as its manual page is named
 * @param descriptor what it is called on, such as {@code fd 7 tcp /127.0.0.1:80}; empty if it
 *     concerns none
 * @param waits whether it may have to wait; only then it can be late
 * @param bytes how many bytes it is to transfer at most; 0 if it transfers none
 */
public record FaultPoint(String call, String descriptor, boolean waits, long bytes) {}
