package dev.volokno.fiber;

import dev.volokno.CancelledException;
import dev.volokno.engine.Age;
import dev.volokno.engine.Bound;
import dev.volokno.engine.Cell;
import dev.volokno.engine.Engine;
import dev.volokno.engine.Place;
import dev.volokno.engine.Strand;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A virtual thread that runs on a loop: code in it may block as much as it likes in calls of this
 * library, and only this fiber waits. In a confined loop nothing else of the loop runs between two
 * such calls.
 *
 * @param <T> the result of its body
 */
public final class Fiber<T> {
    private static final AtomicLong COUNT = new AtomicLong();

    private final Callable<T> body;
    private final Family family;
    private final Strand strand;
    private final ConcurrentLinkedQueue<Place> joiners = new ConcurrentLinkedQueue<>();

    /** Written by its own thread: where {@link #start} forks into. */
    private volatile @Nullable Scope innermost;

    private final long began;
    private volatile Future.State state = Future.State.RUNNING;

    /** Its state to be; all below is written by its own thread, before the state. */
    private Future.State outcome = Future.State.RUNNING;

    private @Nullable T result;
    private @Nullable Throwable failure;

    Fiber(Engine engine, @Nullable Scope scope, Callable<T> body, Family family) {
        this.body = body;
        this.family = family;
        innermost = scope;
        began = engine.nanoTime();
        strand = engine.newFiber("fiber-" + COUNT.incrementAndGet(), this::run);
        strand.owner(this);
    }

    // ---- starting

    /** Starts a fiber in the innermost scope of the calling fiber; see {@link Scope}. */
    public static <T> Fiber<T> start(Callable<T> body) {
        return innermostOfCaller().fork(body);
    }

    /**
     * Starts a fiber without a result in the innermost scope of the calling fiber; see {@link
     * Scope}.
     */
    public static Fiber<Void> start(Action<? extends Exception> body) {
        return innermostOfCaller().fork(body);
    }

    /**
     * Starts a {@link Scope#daemon} in the innermost scope of the calling fiber.
     *
     * @hidden for the kinds of this module
     */
    public static Fiber<Void> daemon(Action<? extends Exception> body) {
        return innermostOfCaller().daemon(body);
    }

    /**
     * The fiber that calls this.
     *
     * @throws IllegalStateException if the caller is no fiber
     */
    public static Fiber<?> current() {
        if (Strand.current().owner() instanceof Fiber<?> fiber) {
            return fiber;
        }
        throw new IllegalStateException(
                Thread.currentThread()
                        + " is no fiber of a loop: call this inside Loop.run or Loop.submit");
    }

    private static Scope innermostOfCaller() {
        Scope scope = current().innermost;
        assert scope != null : "a loop's first fiber opens its scope before it runs anything else";
        return scope;
    }

    void begin() {
        strand.thread().start();
    }

    private void run() {
        try {
            strand.checkpoint();
            result = body.call();
            outcome = Future.State.SUCCESS;
        } catch (Throwable t) {
            failure = t;
            outcome = isCancellation(t) ? Future.State.CANCELLED : Future.State.FAILED;
        }
        family.ending(this);
        state = outcome;
        Place joiner = joiners.poll();
        while (joiner != null) {
            joiner.fill();
            joiner = joiners.poll();
        }
        family.ended(this);
    }

    private boolean isCancellation(Throwable thrown) {
        return thrown instanceof CancelledException
                ? strand.isCancelRequested()
                : Failures.isInterrupt(thrown);
    }

    /** How it ends, for those in its own thread. */
    Future.State outcome() {
        return outcome;
    }

    /** Whether somebody waits for its end. */
    boolean isJoined() {
        return !joiners.isEmpty();
    }

    /** What its body threw. */
    @Nullable Throwable thrown() {
        return failure;
    }

    /** What its body threw, unless it was cancelled. */
    private @Nullable Throwable failure() {
        return state == Future.State.FAILED ? failure : null;
    }

    // ---- what others do with it

    /**
     * Asks the fiber to end: its wait, and every further one, throws {@link CancelledException}.
     * Returns at once; the descriptors it uses stay open and usable.
     */
    public void cancel() {
        strand.cancel();
    }

    /**
     * Waits for the fiber's end. In a scope that fails fast a failure ends the scope too, whether
     * it is caught here or not.
     *
     * @return the result of its body
     * @throws ExecutionException if the body threw; the cause is what it threw
     * @throws CancellationException if the fiber was cancelled
     * @throws CancelledException if the caller is cancelled meanwhile
     */
    @SuppressWarnings("NullAway") // null only if the body returned it
    public T join() throws ExecutionException {
        Strand caller = Strand.current();
        if (caller == strand) {
            throw new IllegalStateException(this + " cannot wait for its own end");
        }
        caller.checkpoint();
        var cell = new Cell(caller.thread(), "the end of", this);
        var place = new Place(cell, 0);
        await(place);
        try {
            caller.await(cell);
        } finally {
            joiners.remove(place);
        }
        return switch (state) {
            case SUCCESS -> result;
            case FAILED -> throw new ExecutionException(failure);
            case CANCELLED -> throw cancellation();
            case RUNNING -> throw new AssertionError(this);
        };
    }

    /** Fills {@code place} at its end, at once if that has come. */
    private void await(Place place) {
        joiners.add(place);
        if (state != Future.State.RUNNING) {
            place.fill();
        }
    }

    /** The event that it ends, however it does, for {@link Select}. */
    public Event<Fiber<T>> ending() {
        return new Ending();
    }

    private final class Ending extends Event<Fiber<T>> {
        private @Nullable Place place;

        @Override
        protected boolean tryTake() {
            return isTaken();
        }

        @Override
        protected void begin(Place ours) {
            place = ours;
            await(ours);
        }

        @Override
        protected void end() {
            if (place != null) {
                joiners.remove(place);
            }
        }

        @Override
        protected boolean isTaken() {
            return state != Future.State.RUNNING;
        }

        @Override
        protected Fiber<T> value() {
            return Fiber.this;
        }
    }

    private CancellationException cancellation() {
        var cancellation = new CancellationException(this + " was cancelled");
        cancellation.initCause(failure);
        return cancellation;
    }

    /** Whether the fiber runs (or waits), and how it ended. */
    public Future.State state() {
        return state;
    }

    /** The virtual thread behind it. */
    public Thread thread() {
        return strand.thread();
    }

    /**
     * The result of its body.
     *
     * @throws IllegalStateException if the fiber has not succeeded
     */
    @SuppressWarnings("NullAway") // null only if the body returned it
    public T resultNow() {
        if (state != Future.State.SUCCESS) {
            throw new IllegalStateException(this + " has no result: " + state, failure);
        }
        return result;
    }

    /**
     * What its body threw.
     *
     * @throws IllegalStateException if the fiber has not failed
     */
    public Throwable exceptionNow() {
        Throwable thrown = failure();
        if (thrown == null) {
            throw new IllegalStateException(this + " has not failed: " + state);
        }
        return thrown;
    }

    /**
     * The machinery behind it.
     *
     * @hidden for {@link Scope} and {@link dev.volokno.testing.TestLoop} alone
     */
    @SuppressWarnings("exports") // nobody else can name the type
    public Strand strand() {
        return strand;
    }

    /** Where {@link #start} forks into. */
    @Nullable Scope innermost() {
        return innermost;
    }

    // ---- what it does itself

    /** Waits for {@code time}, never less. Zero or less is only a checkpoint. */
    public static void sleep(Duration time) {
        Strand caller = Strand.current();
        caller.sleepUntil(caller.nanoTime() + Bound.nanos(time));
    }

    /** Lets every other fiber that is ready run first. */
    public static void yield() {
        Strand.current().giveWay();
    }

    /**
     * Throws {@link CancelledException} if the fiber is cancelled or a deadline around the call has
     * passed.
     */
    public static void checkpoint() {
        Strand.current().checkpoint();
    }

    /** Runs {@code body} with {@code inner} as the innermost scope. */
    <R> R inside(Scope inner, Callable<R> insideBody) throws Exception {
        @Nullable Scope before = innermost;
        innermost = inner;
        try {
            return insideBody.call();
        } finally {
            innermost = before;
        }
    }

    /**
     * Hands this fiber and those of the scopes it has opened to {@code visitor}. Any thread.
     *
     * @hidden for {@link dev.volokno.testing.TestLoop} alone
     */
    public void visit(Consumer<Fiber<?>> visitor) {
        visitor.accept(this);
        for (Scope own : opened()) {
            own.fibers().forEach(fiber -> fiber.visit(visitor));
        }
    }

    private Iterable<Scope> opened() {
        var opened = new ArrayDeque<Scope>();
        Scope scope = innermost;
        while (scope != null && scope.isOpenedBy(this)) {
            opened.push(scope);
            scope = scope.outer();
        }
        return opened;
    }

    /**
     * A line about this fiber and, further in, the scopes it has opened; any thread, and no more
     * exact than a look at something that goes on meanwhile.
     *
     * @hidden for {@link dev.volokno.loop.Loop#dump} alone
     */
    public void dump(StringBuilder out, String indent, long now) {
        out.append(indent)
                .append(this)
                .append(strand.isCancelRequested() ? ", cancelled, " : ", ")
                .append(Age.seconds(now - began))
                .append(" old, ")
                .append(strand.activity(now))
                .append('\n');
        String inner = indent;
        for (Scope own : opened()) {
            inner += "  ";
            own.dump(out, inner, now);
        }
    }

    @Override
    public String toString() {
        return strand.toString();
    }
}
