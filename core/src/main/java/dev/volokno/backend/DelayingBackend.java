package dev.volokno.backend;

import dev.volokno.linux.Errno;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Another backend, some of whose operations take longer by a few turns: before they begin, as if
 * the call had answered {@code EAGAIN} at first, or after they have ended, when the result is on
 * its way. For tests.
 */
public final class DelayingBackend implements Backend {
    private static final long CANCELLED = -Errno.ECANCELED.number();

    private final Backend inner;
    private final Plan plan;
    private final @Nullable Random order;
    private final List<Held> held = new ArrayList<>();
    private long turns;

    /** Says how long an operation that is about to begin is to be held. */
    public interface Plan {
        /** For so many turns it does not begin. */
        int before(Operation operation);

        /** For so many turns its result is not told. */
        int after(Operation operation);
    }

    /** {@code order} shuffles what is due in one turn; null leaves it in the order it came. */
    public DelayingBackend(Backend inner, Plan plan, @Nullable Random order) {
        this.inner = inner;
        this.plan = plan;
        this.order = order;
    }

    /** What waits for its turn: an operation that has not begun, or a result. */
    private abstract static class Held {
        final Operation operation;
        final long due;

        Held(Operation operation, long due) {
            this.operation = operation;
            this.due = due;
        }

        /** Whether somebody was told of an end. */
        abstract boolean letGo();
    }

    private final class Beginning extends Held {
        Beginning(Operation operation, int delay) {
            super(operation, turns + delay);
        }

        @Override
        boolean letGo() {
            long result = operation.comesTooLate() ? CANCELLED : begin(operation);
            if (result == PENDING) {
                return false;
            }
            operation.complete(result);
            return true;
        }
    }

    private final class Ending extends Held implements Completion {
        private final Completion waiter;
        private long result;

        Ending(Operation operation, int delay) {
            super(operation, turns + delay);
            waiter = operation.interpose(this);
        }

        /** The kernel's part is over. */
        void ended(long with) {
            result = with;
            held.add(this);
        }

        @Override
        public void completed(Operation completed, long with) {
            // Still pending for everybody else.
            operation.awaitedBy(this);
            ended(with);
        }

        @Override
        boolean letGo() {
            operation.answered();
            waiter.completed(operation, result);
            return true;
        }
    }

    @Override
    public String name() {
        return inner.name();
    }

    /** The other one, which does what is to be done. */
    Backend inner() {
        return inner;
    }

    /** Whether something is held. */
    public boolean isHolding() {
        return !held.isEmpty();
    }

    @Override
    public long submit(Operation operation) {
        int delay = operation.mayWait() ? plan.before(operation) : 0;
        if (delay > 0) {
            held.add(new Beginning(operation, delay));
            return PENDING;
        }
        return begin(operation);
    }

    private long begin(Operation operation) {
        int delay = operation.mayWait() ? plan.after(operation) : 0;
        if (delay == 0) {
            return inner.submit(operation);
        }
        var ending = new Ending(operation, delay);
        long result = inner.submit(operation);
        if (result != PENDING) {
            ending.ended(result);
        }
        return PENDING;
    }

    @Override
    public void cancel(Operation operation) {
        Held own = find(operation);
        if (own == null) {
            inner.cancel(operation);
        } else if (own instanceof Beginning) {
            held.remove(own);
            operation.complete(CANCELLED);
        }
        // A result that is on its way wins.
    }

    private @Nullable Held find(Operation operation) {
        return held.stream().filter(one -> one.operation == operation).findFirst().orElse(null);
    }

    @Override
    public void turn(long timeoutNanos) {
        turns++;
        boolean told = false;
        for (Held due : takeDue()) {
            told |= due.letGo();
        }
        inner.turn(told || !held.isEmpty() ? 0 : timeoutNanos);
    }

    private List<Held> takeDue() {
        var due = new ArrayList<Held>();
        held.removeIf(one -> one.due <= turns && due.add(one));
        if (order != null) {
            Collections.shuffle(due, order);
        }
        return due;
    }

    @Override
    public void wakeUp() {
        inner.wakeUp();
    }

    @Override
    public void forget(Handle handle) {
        inner.forget(handle);
    }

    @Override
    public void close() {
        inner.close();
    }
}
