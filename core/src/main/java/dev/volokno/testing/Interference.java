package dev.volokno.testing;

import dev.volokno.engine.Strand;
import org.jspecify.annotations.Nullable;

/**
 * Counts the places where a fiber may be cancelled and those where it parks, and cancels it at one
 * of them.
 */
final class Interference {
    /** Where a cancellation comes. */
    enum Where {
        NOWHERE,
        BEFORE_A_CALL,
        DURING_A_WAIT
    }

    private final Where where;
    private final int index;
    private int checkpoints;
    private int waits;
    private @Nullable Throwable place;

    private Interference(Where where, int index) {
        this.where = where;
        this.index = index;
    }

    static Interference none() {
        return new Interference(Where.NOWHERE, 0);
    }

    /** Cancels at the {@code index}-th place, from 0 on. */
    static Interference at(Where where, int index) {
        return new Interference(where, index);
    }

    /** Whether the strand is to be cancelled before the call that begins. */
    boolean atCheckpoint(Strand strand) {
        return hits(strand, Where.BEFORE_A_CALL, checkpoints++);
    }

    /** Whether the strand is to be cancelled as soon as it waits. */
    boolean atWait(Strand strand) {
        return hits(strand, Where.DURING_A_WAIT, waits++);
    }

    private boolean hits(Strand strand, Where here, int count) {
        if (where != here || index != count) {
            return false;
        }
        place =
                new Throwable(
                        "here "
                                + strand
                                + " was cancelled, in "
                                + CallSite.of(Thread.currentThread()));
        return true;
    }

    int checkpoints() {
        return checkpoints;
    }

    int waits() {
        return waits;
    }

    /** Where the cancellation came, if it did. */
    @Nullable Throwable place() {
        return place;
    }

    @Override
    public String toString() {
        String what = where == Where.BEFORE_A_CALL ? "before call " : "during wait ";
        return "cancelled " + what + index + ": " + (place == null ? "" : place.getMessage());
    }
}
