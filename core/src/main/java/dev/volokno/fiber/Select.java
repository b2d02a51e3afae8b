package dev.volokno.fiber;

import dev.volokno.CancelledException;
import dev.volokno.engine.Cell;
import dev.volokno.engine.Place;
import dev.volokno.engine.Strand;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Waits for the first of several events. Exactly one is taken; the others are undisturbed: no
 * element, no byte and no end is lost to a select that did not take it.
 *
 * {@snippet :
 * String what = Select.first(
 *         Select.when(messages.receiving(), message -> "message " + message),
 *         Select.when(port.fd().readable(), _ -> "input"),
 *         Select.after(Duration.ofSeconds(1), () -> "silence"));
 * }
 *
 * <p>Of several events that are there at once, each call of a fiber begins to look one case further
 * on than its call before, so that none is passed over for ever.
 */
public final class Select {
    private Select() {}

    /**
     * What is done with what was taken, in the fiber that selects.
     *
     * @param <T> what was taken
     * @param <R> the result
     */
    @FunctionalInterface
    public interface Handler<T, R> {
        /** Runs after every other event is out of it. */
        R handle(T value) throws Exception;
    }

    /**
     * One of several things to wait for.
     *
     * @param <R> the result
     */
    public static final class Case<R> {
        private final @Nullable Event<?> event;
        private final Duration delay;
        private final Callable<R> outcome;

        private Case(@Nullable Event<?> event, Duration delay, Callable<R> outcome) {
            this.event = event;
            this.delay = delay;
            this.outcome = outcome;
        }
    }

    /** The case that {@code event} happens. */
    public static <T, R> Case<R> when(Event<T> event, Handler<? super T, ? extends R> handler) {
        Objects.requireNonNull(handler, "handler");
        return new Case<>(
                Objects.requireNonNull(event, "event"),
                Duration.ZERO,
                () -> handler.handle(event.value()));
    }

    /**
     * The case that nothing happens for {@code delay}, counted from the call of {@link #first}.
     * After zero or less: that nothing is there already.
     */
    public static <R> Case<R> after(Duration delay, Callable<R> handler) {
        return new Case<>(
                null,
                Objects.requireNonNull(delay, "delay"),
                Objects.requireNonNull(handler, "handler"));
    }

    /**
     * Waits for the first of {@code cases} and returns what its handler does. Parks.
     *
     * @throws CancelledException if cancelled meanwhile; nothing was taken
     * @throws IOException if one of the descriptors is or becomes closed, or cannot be waited for
     * @throws ChannelClosedException if one of the channels is or becomes closed, with nothing left
     * @throws Exception what the handler throws
     */
    @SafeVarargs
    @SuppressWarnings("varargs") // only read
    public static <R> R first(Case<R>... cases) throws Exception {
        if (cases.length == 0) {
            throw new IllegalArgumentException("nothing to wait for");
        }
        Strand caller = Strand.current();
        caller.checkpoint();
        List<Case<R>> inTurn = Rotation.from(caller.nextTurn(), List.of(cases));
        Case<R> taken = takeNow(inTurn);
        if (taken == null) {
            taken = await(inTurn, caller);
        } else {
            caller.letOthersRun();
        }
        return taken.outcome.call();
    }

    private static <R> @Nullable Case<R> takeNow(List<Case<R>> cases) throws IOException {
        for (Case<R> one : cases) {
            if (one.event != null && one.event.tryTake()) {
                return one;
            }
        }
        return null;
    }

    private static <R> Case<R> await(List<Case<R>> cases, Strand caller) throws IOException {
        Case<R> timer = nearest(cases);
        if (timer == null) {
            return awaitEvent(cases, caller);
        }
        return Deadline.tryWithin(timer.delay, () -> awaitEvent(cases, caller)).orElse(timer);
    }

    private static <R> @Nullable Case<R> nearest(List<Case<R>> cases) {
        Case<R> nearest = null;
        for (Case<R> one : cases) {
            boolean timer = one.event == null;
            if (timer && (nearest == null || one.delay.compareTo(nearest.delay) < 0)) {
                nearest = one;
            }
        }
        return nearest;
    }

    private static <R> Case<R> awaitEvent(List<Case<R>> cases, Strand caller) throws IOException {
        while (true) {
            Case<R> filled = cases.get(awaitPlace(cases, caller));
            if (filled.event != null && filled.event.isTaken()) {
                return filled;
            }
            // Both sides of a channel were selects, and the other one took something else.
        }
    }

    /** Waits until a place is filled, and ends the waits of all. */
    private static <R> int awaitPlace(List<Case<R>> cases, Strand caller) throws IOException {
        var cell = new Cell(caller.thread(), "the first of", cases.size() + " events");
        int begun = 0;
        try {
            // What has come already is taken, whatever happens to the others.
            while (begun < cases.size() && cell.isEmpty()) {
                Event<?> event = cases.get(begun).event;
                begun++;
                if (event != null) {
                    event.begin(new Place(cell, begun - 1));
                }
            }
            caller.await(cell);
        } catch (IOException | RuntimeException e) {
            if (cell.abandon() || !cell.isFilled()) {
                throw e;
            }
        } finally {
            for (int i = 0; i < begun; i++) {
                Event<?> event = cases.get(i).event;
                if (event != null) {
                    event.end();
                }
            }
        }
        return cell.filledBy();
    }
}
