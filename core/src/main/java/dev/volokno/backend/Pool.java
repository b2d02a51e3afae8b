package dev.volokno.backend;

/**
 * Which of a loop's threads make a call that may block. Each kind has a bound of its own, so that a
 * device that does not answer stops no file.
 */
public enum Pool {
    DEVICES,
    FILES
}
