package dev.volokno.testing;

import dev.volokno.linux.Errno;
import java.util.Arrays;

/** What goes wrong with one operation on a descriptor; see {@link Faults}. */
public sealed interface Fault {
    /** Transfers at most {@code bytes} bytes, as the kernel may always do. */
    static Fault shortTransfer(int bytes) {
        if (bytes < 1) {
            throw new IllegalArgumentException("a transfer of " + bytes + " bytes is none");
        }
        return new Shortens(bytes);
    }

    /** The first attempt finds nothing to do ({@code EAGAIN}), whatever was announced before. */
    static Fault again() {
        return new Again();
    }

    /**
     * The call fails, and does nothing.
     *
     * @param name the errno, such as {@code EIO}
     * @throws IllegalArgumentException if there is no such name
     */
    static Fault errno(String name) {
        if (Arrays.stream(Errno.values()).noneMatch(errno -> errno.name().equals(name))) {
            throw new IllegalArgumentException("no errno is named " + name);
        }
        return new Fails(name);
    }

    /**
     * The other end is gone, from now on: reading finds {@code ECONNRESET} on a socket, {@code EIO}
     * on a terminal, and else the end; writing finds {@code EPIPE}, or {@code EIO} on a terminal.
     */
    static Fault hangUp() {
        return new HangsUp();
    }

    /** The call is made, and its result comes {@code turns} turns of the loop later. */
    static Fault late(int turns) {
        if (turns < 1) {
            throw new IllegalArgumentException("late by " + turns + " turns");
        }
        return new Late(turns);
    }

    /**
     * See {@link #shortTransfer}.
     *
     * @param bytes at least 1
     */
    record Shortens(int bytes) implements Fault {}

    /** See {@link #again}. */
    record Again() implements Fault {}

    /**
     * See {@link #errno}.
     *
     * @param errno its name
     */
    record Fails(String errno) implements Fault {}

    /** See {@link #hangUp}. */
    record HangsUp() implements Fault {}

    /**
     * See {@link #late}.
     *
     * @param turns at least 1
     */
    record Late(int turns) implements Fault {}
}
