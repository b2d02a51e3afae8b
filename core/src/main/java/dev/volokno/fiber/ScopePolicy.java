package dev.volokno.fiber;

import java.util.Objects;
import java.util.function.Consumer;

/**
 * What a {@link Scope} does when one of its fibers ends. Whatever the policy, a body that throws
 * ends its scope, and cancelled fibers are no failures.
 */
public abstract sealed class ScopePolicy {
    private static final ScopePolicy FAIL_FAST = new FailFast();
    private static final ScopePolicy FIRST_SUCCESS = new FirstSuccess();
    private static final ScopePolicy COLLECT = new Collect();

    private ScopePolicy() {}

    /** The others are cancelled, and the scope throws the failure. */
    public static ScopePolicy failFast() {
        return FAIL_FAST;
    }

    /**
     * The first fiber that succeeds ends the scope: the others are cancelled, and so is the body if
     * it still waits. Failures count only if no fiber succeeded; then the scope throws the first,
     * the later ones suppressed in it. {@link Scope#race} is this policy with a result.
     */
    public static ScopePolicy firstSuccess() {
        return FIRST_SUCCESS;
    }

    /**
     * The others go on, and the failure stays with its fiber: after the scope {@link Fiber#state},
     * {@link Fiber#resultNow} and {@link Fiber#exceptionNow} tell how each has ended.
     */
    public static ScopePolicy collect() {
        return COLLECT;
    }

    /**
     * The others go on. The failure goes to those who wait for the fiber's end, and to {@code
     * handler} if nobody does; it is called in the fiber that failed, and what it throws is the
     * scope's own failure. If that fiber was cancelled before it failed, a wait in the handler
     * throws: one that must wait does so in a {@link Scope#shield}.
     */
    public static ScopePolicy supervise(Consumer<? super Throwable> handler) {
        return new Supervise(Objects.requireNonNull(handler, "handler"));
    }

    /** In the fiber that failed. */
    abstract void failed(Scope scope, Fiber<?> fiber, Throwable failure);

    /** In the fiber that succeeded. */
    void succeeded(Scope scope) {}

    private static final class FailFast extends ScopePolicy {
        @Override
        void failed(Scope scope, Fiber<?> fiber, Throwable failure) {
            scope.fail(failure);
        }

        @Override
        public String toString() {
            return "fail-fast";
        }
    }

    private static final class FirstSuccess extends ScopePolicy {
        @Override
        void failed(Scope scope, Fiber<?> fiber, Throwable failure) {
            scope.failUnlessWon(failure);
        }

        @Override
        void succeeded(Scope scope) {
            scope.won();
        }

        @Override
        public String toString() {
            return "first success";
        }
    }

    private static final class Collect extends ScopePolicy {
        @Override
        void failed(Scope scope, Fiber<?> fiber, Throwable failure) {
            // It stays with the fiber.
        }

        @Override
        public String toString() {
            return "collect";
        }
    }

    private static final class Supervise extends ScopePolicy {
        private final Consumer<? super Throwable> handler;

        Supervise(Consumer<? super Throwable> handler) {
            this.handler = handler;
        }

        @Override
        void failed(Scope scope, Fiber<?> fiber, Throwable failure) {
            if (fiber.isJoined()) {
                return;
            }
            try {
                handler.accept(failure);
            } catch (Throwable handlerFailure) {
                scope.threw(handlerFailure);
            }
        }

        @Override
        public String toString() {
            return "supervise";
        }
    }
}
