package dev.volokno.foreign;

import dev.volokno.CancelledException;
import dev.volokno.engine.Cell;
import dev.volokno.engine.Strand;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A result that comes later, by a callback as a rule: an acknowledgement, the end of a transfer.
 * One waits for it; whoever has it gives it, once.
 *
 * @param <T> the result; null is none
 */
public final class Answer<T> {
    /** Nothing, who waits (a Cell), or the end (an Outcome). */
    private final AtomicReference<@Nullable Object> state = new AtomicReference<>();

    private final String what;

    private record Outcome(@Nullable Object result, @Nullable Throwable failure) {}

    /** One to be waited for; {@code what} tells a person what it is, as in "waits for". */
    public Answer(String what) {
        this.what = what;
    }

    /** Gives the result, from anywhere and without a wait; false if there was an end already. */
    public boolean give(T result) {
        return end(new Outcome(result, null));
    }

    /** Has whoever waits throw {@code failure}; false if there was an end already. */
    public boolean fail(Throwable failure) {
        return end(new Outcome(null, Objects.requireNonNull(failure, "failure")));
    }

    private boolean end(Outcome outcome) {
        while (true) {
            @Nullable Object before = state.get();
            if (before instanceof Outcome) {
                return false;
            }
            if (state.compareAndSet(before, outcome)) {
                if (before instanceof Cell waiting) {
                    waiting.fill();
                }
                return true;
            }
        }
    }

    /** Whether {@link #await} needs no wait. */
    public boolean isThere() {
        return state.get() instanceof Outcome;
    }

    /** Whether there is a result, and no failure. */
    boolean isGiven() {
        return state.get() instanceof Outcome there && there.failure == null;
    }

    /**
     * Waits for the result. Parks. After a cancellation or a deadline it can be waited for again.
     *
     * @throws CancelledException if cancelled meanwhile
     * @throws X what {@link #fail} was told, the very same
     * @throws IllegalStateException if somebody else waits for it
     */
    public <X extends Exception> T await() throws X {
        Strand caller = Strand.current();
        caller.checkpoint();
        @Nullable Object before = state.get();
        if (before instanceof Outcome there) {
            caller.letOthersRun();
            return outcome(there);
        }
        if (before != null) {
            throw new IllegalStateException("somebody waits for " + what + " already");
        }
        var cell = new Cell(caller.thread(), what, "of a library");
        if (state.compareAndSet(null, cell)) {
            try {
                caller.await(cell);
            } finally {
                state.compareAndSet(cell, null);
            }
        }
        if (state.get() instanceof Outcome there) {
            return outcome(there);
        }
        throw new IllegalStateException("somebody waits for " + what + " already");
    }

    @SuppressWarnings({"unchecked", "NullAway"}) // given as T, or thrown as what it was
    private <X extends Exception> T outcome(Outcome there) throws X {
        if (there.failure instanceof Error error) {
            throw error;
        }
        if (there.failure != null) {
            throw (X) there.failure;
        }
        return (T) there.result;
    }
}
