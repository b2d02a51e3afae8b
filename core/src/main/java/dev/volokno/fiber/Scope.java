package dev.volokno.fiber;

import dev.volokno.CancelledException;
import dev.volokno.DeadlineException;
import dev.volokno.engine.Bound;
import dev.volokno.engine.Callback;
import dev.volokno.engine.Cell;
import dev.volokno.engine.Engine;
import dev.volokno.engine.Strand;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The unit in which fibers live: a body and the fibers it forks. No fiber outlives its scope, and
 * no error passes silently. If the body throws or a fiber fails, the others are cancelled; {@link
 * #run} waits for all of them and throws the first failure, the later ones suppressed in it. A
 * fiber that was cancelled on purpose is no failure.
 *
 * <p>{@link Fiber#start} forks into the innermost scope; the outermost is that of the loop itself.
 */
public final class Scope {
    private final Engine engine;
    private final Fiber<?> opener;
    private final Strand owner;
    private final @Nullable Scope outer;
    private final ScopePolicy policy;
    private final Bound bound;
    private final Set<Fiber<?>> running = ConcurrentHashMap.newKeySet();
    private final Set<Fiber<?>> daemons = ConcurrentHashMap.newKeySet();
    private final Deque<AutoCloseable> owned = new ConcurrentLinkedDeque<>();
    private final Callbacks callbacks = new Callbacks();
    private final Failures failures = new Failures();

    /** Failures that do not count if a fiber succeeds. */
    private final Failures untilWon = new Failures();

    private volatile boolean won;
    private volatile boolean cancelled;
    private volatile boolean ended;
    private volatile @Nullable Cell lastEnd;

    /**
     * What runs inside a scope.
     *
     * @param <T> the result
     */
    @FunctionalInterface
    public interface Body<T> {
        /** Runs in the calling fiber. */
        T run(Scope scope) throws Exception;
    }

    /**
     * What {@link #start} runs.
     *
     * @param <R> what its starter gets
     */
    @FunctionalInterface
    public interface Starting<R> {
        /** Runs in a fiber of its own, and says when it is ready. */
        void run(Ready<R> ready) throws Exception;
    }

    private Scope(Engine engine, Fiber<?> fiber, ScopePolicy policy) {
        this.engine = engine;
        opener = fiber;
        owner = fiber.strand();
        outer = fiber.innermost();
        this.policy = policy;
        bound = Bound.cancellable(owner);
    }

    /**
     * Runs {@code body} and waits for every fiber that was forked meanwhile, failing fast.
     *
     * @return what the body returned
     * @throws Exception the first failure of the body or a fiber
     */
    public static <T> T run(Body<T> body) throws Exception {
        return run(ScopePolicy.failFast(), body);
    }

    /**
     * Runs {@code body} and waits for every fiber that was forked meanwhile.
     *
     * @return what the body returned
     * @throws Exception the first failure that the policy does not take care of
     */
    public static <T> T run(ScopePolicy policy, Body<T> body) throws Exception {
        Fiber<?> fiber = Fiber.current();
        Engine engine = fiber.strand().home();
        assert engine != null : fiber;
        return new Scope(engine, fiber, policy).runIn(fiber, body);
    }

    /**
     * Starts a loop's first fiber, which runs {@code body} in the loop's own scope.
     *
     * @hidden for {@link dev.volokno.loop.Loop} alone
     */
    @SuppressWarnings("exports") // the engine is nobody else's to name
    public static void launch(
            Engine engine,
            ScopePolicy policy,
            Body<?> body,
            Consumer<@Nullable Throwable> whenEnded) {
        Callable<Object> main = () -> Scope.<@Nullable Object>run(policy, body::run);
        new Fiber<>(engine, null, main, new Root(whenEnded)).begin();
    }

    /** A loop's first fiber has no scope around it. */
    private record Root(Consumer<@Nullable Throwable> whenEnded) implements Family {
        @Override
        public void ending(Fiber<?> fiber) {}

        @Override
        public void ended(Fiber<?> fiber) {
            whenEnded.accept(fiber.thrown());
        }
    }

    /**
     * Runs all {@code contenders}, each in a fiber of its own, and returns the result of the first
     * that succeeds; the others are cancelled. No result may be null.
     *
     * @throws Exception the first failure, if none succeeds
     */
    public static <T> T race(Collection<? extends Callable<? extends T>> contenders)
            throws Exception {
        if (contenders.isEmpty()) {
            throw new IllegalArgumentException("a race needs a contender");
        }
        var winner = new AtomicReference<@Nullable T>();
        run(
                ScopePolicy.firstSuccess(),
                scope -> {
                    for (Callable<? extends T> contender : contenders) {
                        scope.fork(() -> {
                            winner.compareAndSet(
                                    null, Objects.requireNonNull(contender.call(), "result"));
                        });
                    }
                    return true;
                });
        T result = winner.get();
        if (result == null) {
            throw new CancellationException("every contender was cancelled");
        }
        return result;
    }

    /**
     * Runs {@code body} to its end even if the fiber is cancelled or a deadline further out passes:
     * for what has to be done on the way out. It has {@code grace} time from now; what was kept off
     * takes effect after it.
     *
     * @throws DeadlineException if {@code grace} was over before the body came to its end
     */
    public static <T, X extends Exception> T shield(Duration grace, Call<T, X> body)
            throws X, DeadlineException {
        Strand strand = Strand.current();
        boolean held = strand.holdInterrupt();
        try {
            return Deadline.within(grace, strand, Bound.shielding(strand, grace), body);
        } finally {
            strand.releaseInterrupt(held);
        }
    }

    /** Like {@link #shield(Duration, Call)}, for a body without a result. */
    public static <X extends Exception> void shield(Duration grace, Action<X> body)
            throws X, DeadlineException {
        shield(
                grace,
                () -> {
                    body.run();
                    return true;
                });
    }

    // The body's result may be null.
    @SuppressWarnings("NullAway")
    private <T> T runIn(Fiber<?> fiber, Body<T> body) throws Exception {
        @Nullable T result = null;
        boolean complete = false;
        owner.bound(bound);
        try {
            result = fiber.inside(this, () -> body.run(this));
            complete = true;
        } catch (Throwable t) {
            threw(t);
        }
        awaitAll();
        if (!owned.isEmpty()) {
            closeOwned();
        }
        owner.bound(bound.outer());
        owner.forgetInterrupt();
        throwFailure(complete);
        return result;
    }

    private void throwFailure(boolean complete) throws Exception {
        Throwable first = failures.first();
        if (first == null && !won) {
            first = untilWon.first();
        }
        if (first != null) {
            throw Failures.rethrown(first);
        }
        if (!complete || (cancelled && !won)) {
            throw new CancelledException("the scope was cancelled");
        }
    }

    /** The body, or the policy's handler, did. */
    void threw(Throwable thrown) {
        if (!isEcho(thrown)) {
            fail(thrown);
        }
    }

    /** Whether it only tells that this scope cancels what is in it. */
    private boolean isEcho(Throwable thrown) {
        return cancelled
                && (thrown instanceof CancelledException
                        || thrown instanceof CancellationException
                        || Failures.isInterrupt(thrown));
    }

    /** Waits for the fibers, also when cancelled: then they are too. */
    private void awaitAll() {
        while (!isLeft()) {
            var cell = new Cell(owner.thread(), "the end of", "its scope");
            lastEnd = cell;
            if (isLeft()) {
                break;
            }
            try {
                owner.await(cell);
            } catch (CancelledException e) {
                threw(e);
                awaitShielded(running);
            }
        }
        ended = true;
        awaitShielded(running);
        callbacks.end();
        boolean _ = cancelDaemons();
        awaitShielded(daemons);
    }

    /** Whether nothing is in it any more that keeps it. */
    private boolean isLeft() {
        return running.isEmpty() && callbacks.keepNothing();
    }

    private void awaitShielded(Set<Fiber<?>> fibers) {
        boolean before = owner.shield();
        try {
            while (!fibers.isEmpty()) {
                var cell = new Cell(owner.thread(), "the end of", "its scope");
                lastEnd = cell;
                if (!fibers.isEmpty()) {
                    owner.await(cell);
                }
            }
        } finally {
            owner.unshield(before);
        }
    }

    /** What they wait for, within a time or not, is theirs alone to limit. */
    private void closeOwned() {
        boolean held = owner.holdInterrupt();
        owner.bound(Bound.shielding(owner, ChronoUnit.FOREVER.getDuration()));
        try {
            AutoCloseable resource = owned.pollFirst();
            while (resource != null) {
                try {
                    resource.close();
                } catch (Throwable t) {
                    failures.add(t);
                }
                resource = owned.pollFirst();
            }
        } finally {
            owner.bound(bound.outer());
            owner.releaseInterrupt(held);
        }
    }

    // ---- inside

    /**
     * Starts a fiber in this scope.
     *
     * @throws IllegalStateException if the caller is not a fiber inside this scope, or it has ended
     */
    public <T> Fiber<T> fork(Callable<T> body) {
        refuseOutsiders();
        return add(running, body);
    }

    /**
     * Starts a fiber in this scope from wherever the caller is.
     *
     * @hidden for {@link dev.volokno.loop.Loop#submit} alone
     */
    public <T> Fiber<T> submit(Callable<T> body) {
        return add(running, body);
    }

    /**
     * Starts a daemon in this scope from wherever the caller is.
     *
     * @hidden for {@link dev.volokno.loop.Loop#daemon} alone
     */
    public Fiber<Void> submitDaemon(Action<? extends Exception> body) {
        return add(daemons, callable(body));
    }

    /**
     * Starts a fiber that serves the others: it is cancelled when all that are no daemons have
     * ended. Its failure is a failure all the same.
     *
     * @throws IllegalStateException if the caller is not a fiber inside this scope, or it has ended
     */
    public Fiber<Void> daemon(Action<? extends Exception> body) {
        refuseOutsiders();
        return add(daemons, callable(body));
    }

    /**
     * Starts a fiber in this scope and waits until it says that it is ready.
     *
     * @return what it said
     * @throws Exception what the fiber threw, if it ended before
     * @throws IllegalStateException if it ended without a word, if the caller is not a fiber inside
     *     this scope, or it has ended
     */
    public <R> R start(Starting<R> body) throws Exception {
        Objects.requireNonNull(body, "body");
        Strand starter = Strand.current();
        starter.checkpoint();
        var ready = new Ready<R>(new Cell(starter.thread(), "the readiness of", "a fiber"));
        Fiber<Void> fiber =
                fork(() -> {
                    try {
                        body.run(ready);
                    } finally {
                        ready.ended();
                    }
                });
        starter.await(ready.told());
        if (ready.isSaid()) {
            return ready.value();
        }
        try {
            fiber.join();
        } catch (ExecutionException failed) {
            throw Failures.rethrown(fiber.exceptionNow());
        }
        throw new IllegalStateException(fiber + " has ended without being ready");
    }

    /**
     * Makes this scope close {@code resource} when all its fibers have ended: the last one first,
     * and whether cancelled or not. What a close throws is a failure of the scope.
     *
     * @throws IllegalStateException if the caller is not a fiber inside this scope, or it has
     *     ended; the resource stays the caller's
     */
    public <C extends AutoCloseable> C own(C resource) {
        Objects.requireNonNull(resource, "resource");
        refuseOutsiders();
        refuseLate();
        owned.addFirst(resource);
        return resource;
    }

    private void refuseOutsiders() {
        Scope scope = Fiber.current().innermost();
        while (scope != null && scope != this) {
            scope = scope.outer;
        }
        if (scope == null) {
            throw new IllegalStateException(
                    Fiber.current()
                            + " is not inside this scope, which "
                            + (ended ? "has ended" : owner + " has opened"));
        }
    }

    private void refuseLate() {
        if (ended) {
            throw new IllegalStateException("this scope has ended: it takes no more");
        }
    }

    private <T> Fiber<T> add(Set<Fiber<?>> group, Callable<T> body) {
        Objects.requireNonNull(body, "body");
        var fiber = new Fiber<>(engine, this, body, new Members());
        group.add(fiber);
        // Looked at after adding: whoever ends the scope sets it before it looks for fibers once
        // more.
        if (ended) {
            group.remove(fiber);
            refuseLate();
        }
        fiber.begin();
        if (cancelled && running.contains(fiber)) {
            fiber.cancel();
        }
        return fiber;
    }

    /** Like {@link #fork(Callable)}, for a body without a result. */
    public Fiber<Void> fork(Action<? extends Exception> body) {
        return fork(callable(body));
    }

    private static Callable<Void> callable(Action<? extends Exception> body) {
        Objects.requireNonNull(body, "body");
        return () -> {
            body.run();
            return (Void) null;
        };
    }

    /**
     * Cancels the body and every fiber of this scope. Daemons serve the others on their way out
     * too, and are cancelled after them.
     */
    public void cancel() {
        cancelled = true;
        running.forEach(Fiber::cancel);
        callbacks.end();
        owner.cancel(bound);
    }

    /**
     * Does not let the daemons wait for the others; whether there are any.
     *
     * @hidden for {@link dev.volokno.loop.Loop} alone
     */
    public boolean cancelDaemons() {
        daemons.forEach(Fiber::cancel);
        return !daemons.isEmpty();
    }

    // ---- callbacks

    /**
     * A callback keeps this scope like a fiber, until it leaves.
     *
     * @hidden for {@link dev.volokno.loop.Loop} alone
     */
    @SuppressWarnings("exports") // nobody else can name the type
    public void keptBy(Callback callback) {
        // Else whoever goes through them to end them might never come to the end of them.
        if (!cancelled) {
            callbacks.add(callback);
        }
        // As for fibers, whoever ends or cancels the scope looks for callbacks after saying so.
        if (ended) {
            callbacks.remove(callback);
            refuseLate();
        }
        if (cancelled) {
            callback.end();
        }
    }

    /**
     * A callback goes on without keeping this scope.
     *
     * @hidden for {@link dev.volokno.loop.Loop} alone
     */
    @SuppressWarnings("exports") // nobody else can name the type
    public void notKeptBy(Callback callback) {
        callbacks.makeDaemon(callback);
        tellIfLeft();
    }

    /**
     * A callback has ended.
     *
     * @hidden for {@link dev.volokno.loop.Loop} alone
     */
    @SuppressWarnings("exports") // nobody else can name the type
    public void leftBy(Callback callback) {
        callbacks.remove(callback);
        tellIfLeft();
    }

    // ---- what its fibers come to

    private final class Members implements Family {
        @Override
        public void ending(Fiber<?> fiber) {
            Throwable thrown = fiber.thrown();
            if (fiber.outcome() == Future.State.FAILED && thrown != null && !isEcho(thrown)) {
                policy.failed(Scope.this, fiber, thrown);
            } else if (fiber.outcome() == Future.State.SUCCESS && !daemons.contains(fiber)) {
                policy.succeeded(Scope.this);
            }
        }

        @Override
        public void ended(Fiber<?> fiber) {
            running.remove(fiber);
            daemons.remove(fiber);
            tellIfLeft();
        }
    }

    private void tellIfLeft() {
        Cell waiting = lastEnd;
        if (waiting != null && running.isEmpty() && (ended || callbacks.keepNothing())) {
            waiting.fill();
        }
    }

    /** The scope has failed. */
    void fail(Throwable thrown) {
        if (failures.add(thrown)) {
            cancel();
        }
    }

    /** The scope has failed if nobody succeeds. */
    void failUnlessWon(Throwable thrown) {
        untilWon.add(thrown);
    }

    /** A success ends the scope. */
    void won() {
        if (!won) {
            won = true;
            cancel();
        }
    }

    // ---- for people

    /** Those that run. */
    Stream<Fiber<?>> fibers() {
        return Stream.concat(running.stream(), daemons.stream());
    }

    boolean isOpenedBy(Fiber<?> fiber) {
        return opener == fiber;
    }

    /**
     * The fiber whose scope it is.
     *
     * @hidden for {@link dev.volokno.loop.Loop#dump} alone
     */
    public Fiber<?> openedBy() {
        return opener;
    }

    @Nullable Scope outer() {
        return outer;
    }

    /** Lines about the scope and its fibers. */
    void dump(StringBuilder out, String indent, long now) {
        out.append(indent).append("scope, ").append(policy);
        out.append(cancelled ? ", cancelled\n" : "\n");
        inOrder(running).forEach(fiber -> fiber.dump(out, indent + "  ", now));
        inOrder(daemons).forEach(fiber -> fiber.dump(out, indent + "  (daemon) ", now));
        callbacks.dump(out, indent + "  ");
    }

    private static List<Fiber<?>> inOrder(Set<Fiber<?>> fibers) {
        return fibers.stream()
                .sorted(Comparator.comparingLong(fiber -> fiber.thread().threadId()))
                .toList();
    }
}
