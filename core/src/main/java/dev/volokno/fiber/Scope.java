package dev.volokno.fiber;

import dev.volokno.CancelledException;
import dev.volokno.engine.Bound;
import dev.volokno.engine.Cell;
import dev.volokno.engine.Engine;
import dev.volokno.engine.Strand;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
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
    private final Strand owner;
    private final ScopePolicy policy;
    private final Bound bound;
    private final Set<Fiber<?>> running = ConcurrentHashMap.newKeySet();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

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

    private Scope(Engine engine, Strand owner, ScopePolicy policy) {
        this.engine = engine;
        this.owner = owner;
        this.policy = policy;
        bound = Bound.cancellable(owner.bound());
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
        return new Scope(engine, fiber.strand(), policy).runIn(fiber, body);
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
        new Fiber<>(engine, null, main, fiber -> whenEnded.accept(fiber.thrown())).begin();
    }

    // Without a failure the result is what the body returned.
    @SuppressWarnings("NullAway")
    private <T> T runIn(Fiber<?> fiber, Body<T> body) throws Exception {
        @Nullable T result = null;
        owner.bound(bound);
        try {
            result = fiber.inside(this, () -> body.run(this));
        } catch (Throwable t) {
            bodyThrew(t);
        }
        awaitAll();
        owner.bound(bound.outer());
        owner.forgetInterrupt();
        Throwable first = failure.get();
        if (first != null) {
            throw rethrown(first);
        }
        if (cancelled) {
            throw new CancelledException("the scope was cancelled");
        }
        return result;
    }

    private void bodyThrew(Throwable thrown) {
        boolean echo = thrown instanceof CancelledException && bound.isCancelled();
        if (echo) {
            return;
        }
        fail(thrown);
    }

    /** Waits for the fibers, also when cancelled: then they are too. */
    private void awaitAll() {
        while (!running.isEmpty()) {
            var cell = new Cell(owner.thread());
            lastEnd = cell;
            if (running.isEmpty()) {
                break;
            }
            try {
                owner.await(cell);
            } catch (CancelledException e) {
                bodyThrew(e);
                awaitShielded();
            }
        }
        ended = true;
        awaitShielded();
    }

    private void awaitShielded() {
        boolean before = owner.shield();
        try {
            while (!running.isEmpty()) {
                var cell = new Cell(owner.thread());
                lastEnd = cell;
                if (!running.isEmpty()) {
                    owner.await(cell);
                }
            }
        } finally {
            owner.unshield(before);
        }
    }

    /** Starts a fiber in this scope. */
    public <T> Fiber<T> fork(Callable<T> body) {
        Objects.requireNonNull(body, "body");
        var fiber = new Fiber<>(engine, this, body, this::ended);
        running.add(fiber);
        // Looked at after adding: whoever ends the scope sets it before it looks for fibers once
        // more.
        if (ended) {
            running.remove(fiber);
            throw new IllegalStateException("this scope has ended: it takes no more fibers");
        }
        fiber.begin();
        if (cancelled) {
            fiber.cancel();
        }
        return fiber;
    }

    /** Starts a fiber without a result in this scope. */
    public Fiber<Void> fork(Action<? extends Exception> body) {
        Objects.requireNonNull(body, "body");
        return fork(() -> {
            body.run();
            return (Void) null;
        });
    }

    /** Cancels the body and every fiber of this scope. */
    public void cancel() {
        cancelled = true;
        for (Fiber<?> fiber : running) {
            fiber.cancel();
        }
        owner.cancel(bound);
    }

    /** The first failure counts; a cancellation from outside only until there is a real one. */
    private void fail(Throwable thrown) {
        if (failure.compareAndSet(null, thrown)) {
            cancel();
            return;
        }
        Throwable first = failure.get();
        assert first != null;
        if (thrown == first || thrown instanceof CancelledException) {
            return;
        }
        if (first instanceof CancelledException && failure.compareAndSet(first, thrown)) {
            return;
        }
        first.addSuppressed(thrown);
    }

    private void ended(Fiber<?> fiber) {
        Throwable thrown = fiber.failure();
        if (thrown != null) {
            failed(fiber, thrown);
        }
        running.remove(fiber);
        Cell waiting = lastEnd;
        if (waiting != null && running.isEmpty()) {
            waiting.fill();
        }
    }

    private void failed(Fiber<?> fiber, Throwable thrown) {
        if (!policy.supervises()) {
            fail(thrown);
            return;
        }
        if (!fiber.isJoined()) {
            try {
                policy.report(thrown);
            } catch (Throwable handlerFailure) {
                fail(handlerFailure);
            }
        }
    }

    private static Exception rethrown(Throwable first) {
        if (first instanceof Error error) {
            throw error;
        }
        return first instanceof Exception exception ? exception : new ExecutionException(first);
    }
}
