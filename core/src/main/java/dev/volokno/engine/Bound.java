package dev.volokno.engine;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Around a block of calls of one strand: it may end the block early, because its time is over or
 * because it was cancelled. Bounds nest; what ends an outer one ends those inside it.
 */
public final class Bound {
    /**
     * Far enough to never be reached, near enough that differences of nanoTime values do not
     * overflow.
     */
    static final long LONGEST_NANOS = Long.MAX_VALUE / 4;

    /** Whose clock it goes by; the machine's if null. */
    private final @Nullable Engine home;

    private final @Nullable Bound outer;
    private final boolean limited;
    private final long own;
    private final boolean timed;
    private final long nearest;

    /** Nothing from further out ends the block: neither a deadline nor a cancellation. */
    private final boolean shielding;

    private volatile boolean cancelled;

    /** That it was cancelled was told to its strand, by an exception; the strand's own. */
    private boolean told;

    private Bound(Strand strand, boolean limited, long allowedNanos, boolean shielding) {
        home = strand.home();
        outer = shielding ? null : strand.bound();
        long own = limited ? now() + allowedNanos : 0;
        this.shielding = shielding || (outer != null && outer.shielding);
        this.limited = limited;
        this.own = own;
        boolean outerTimed = outer != null && outer.timed;
        timed = limited || outerTimed;
        if (outer != null && outerTimed && (!limited || outer.nearest - own < 0)) {
            nearest = outer.nearest;
        } else {
            nearest = own;
        }
    }

    /** A bound in {@code strand}'s innermost that ends after {@code allowed}, from now on. */
    public static Bound within(Strand strand, Duration allowed) {
        return new Bound(strand, true, nanos(allowed), false);
    }

    /** A bound that ends after {@code allowed}, and for no other reason. */
    public static Bound shielding(Strand strand, Duration allowed) {
        return new Bound(strand, true, nanos(allowed), true);
    }

    /** A bound in {@code strand}'s innermost without a time of its own, to be cancelled. */
    public static Bound cancellable(Strand strand) {
        return new Bound(strand, false, 0, false);
    }

    /**
     * The nanoseconds of a duration: none if it is negative, more than anyone waits if it is too
     * long to count.
     */
    public static long nanos(Duration duration) {
        if (duration.isNegative()) {
            return 0;
        }
        boolean tooLong = duration.toSeconds() >= LONGEST_NANOS / 1_000_000_000L;
        return tooLong ? LONGEST_NANOS : duration.toNanos();
    }

    public @Nullable Bound outer() {
        return outer;
    }

    /** Whether this bound or one around it keeps off what comes from further out. */
    boolean isShielding() {
        return shielding;
    }

    /** Whether there is a deadline, its own or one further out. */
    boolean timed() {
        return timed;
    }

    private long now() {
        return home == null ? System.nanoTime() : home.nanoTime();
    }

    /** The nearest deadline, by the clock of the strand it belongs to. */
    long deadlineNanos() {
        return nearest;
    }

    /** The nearest deadline by the clock of {@code engine}, on which its strand may be a guest. */
    long deadlineBy(Engine engine) {
        boolean same =
                home == engine || (!engine.isSteered() && (home == null || !home.isSteered()));
        return same ? nearest : engine.nanoTime() + (nearest - now());
    }

    void cancel() {
        cancelled = true;
    }

    /** Whether this bound itself was cancelled. */
    public boolean isCancelled() {
        return cancelled;
    }

    /** Whether this bound or one around it was cancelled. */
    boolean anyCancelled() {
        Bound bound = this;
        while (bound != null) {
            if (bound.cancelled) {
                return true;
            }
            bound = bound.outer;
        }
        return false;
    }

    /** Whether this bound or one around it was cancelled, and no exception has told of it. */
    boolean anyUntold() {
        Bound bound = this;
        while (bound != null && (!bound.cancelled || bound.told)) {
            bound = bound.outer;
        }
        return bound != null;
    }

    /** An exception tells of all that were cancelled, or does not. */
    void tell(boolean now) {
        Bound bound = this;
        while (bound != null) {
            bound.told = now && bound.cancelled;
            bound = bound.outer;
        }
    }

    boolean isOver() {
        return anyCancelled() || (timed && nearest - now() <= 0);
    }

    /** Whether the time that this very bound was given is over. */
    public boolean isOwnTimeOver() {
        return limited && own - now() <= 0;
    }
}
