package dev.volokno.descriptor;

import dev.volokno.CancelledException;
import dev.volokno.engine.Cell;
import dev.volokno.engine.Strand;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Who uses a descriptor: a count of users, one reader and one writer at a time, those who wait for
 * their turn in the order they came, and whether it is closed. Everything is one word, so that the
 * way in and the way out are one atomic step each.
 *
 * <pre>
 *   bit 0      CLOSED    nobody comes in any more; whoever leaves last closes the number
 *   bit 1, 2   held by a reader, by a writer
 *   bit 3, 4   somebody waits to read, to write (changed only under the lock)
 *   bits 8-    users, those who wait included
 * </pre>
 */
public final class Turns {
    /** A direction, and its bits. */
    public enum Direction {
        READ(1 << 1, 1 << 3),
        WRITE(1 << 2, 1 << 4);

        private final long held;
        private final long awaited;

        Direction(long held, long awaited) {
            this.held = held;
            this.awaited = awaited;
        }
    }

    private static final long CLOSED = 1;
    private static final long USER = 1 << 8;

    private static final VarHandle STATE;
    private static final VarHandle QUEUES;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(Turns.class, "state", long.class);
            QUEUES = MethodHandles.lookup().findVarHandle(Turns.class, "queues", Queues.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private volatile long state;

    /** Most descriptors never have anybody who waits, and most are many: 160 bytes each. */
    private volatile @Nullable Queues queues;

    private final Runnable whenLastLeft;

    /**
     * {@code whenLastLeft} runs once: when it is closed, on the thread of the user who leaves last.
     */
    public Turns(Runnable whenLastLeft) {
        this.whenLastLeft = whenLastLeft;
    }

    public boolean isClosed() {
        return (state & CLOSED) != 0;
    }

    /** Comes in without a direction. */
    public void enter() throws ClosedChannelException {
        long seen = state;
        while (true) {
            if ((seen & CLOSED) != 0) {
                throw new ClosedChannelException();
            }
            long witness = (long) STATE.compareAndExchange(this, seen, seen + USER);
            if (witness == seen) {
                return;
            }
            seen = witness;
        }
    }

    /** Goes out. */
    public void leave() {
        left((long) STATE.getAndAdd(this, -USER) - USER);
    }

    /** Comes in as the one reader or writer; waits for its turn. */
    public void enter(Direction direction) throws ClosedChannelException {
        if (!tryEnter(direction)) {
            awaitTurn(direction);
        }
    }

    /** Comes in as the one reader or writer if nobody else is. */
    public boolean tryEnter(Direction direction) throws ClosedChannelException {
        long seen = state;
        while (true) {
            if ((seen & CLOSED) != 0) {
                throw new ClosedChannelException();
            }
            if ((seen & (direction.held | direction.awaited)) != 0) {
                return false;
            }
            long witness =
                    (long) STATE.compareAndExchange(this, seen, (seen | direction.held) + USER);
            if (witness == seen) {
                return true;
            }
            seen = witness;
        }
    }

    /** Goes out and gives the turn to the next. */
    public void leave(Direction direction) {
        long seen = state;
        while ((seen & direction.awaited) == 0) {
            long after = (seen & ~direction.held) - USER;
            long witness = (long) STATE.compareAndExchange(this, seen, after);
            if (witness == seen) {
                left(after);
                return;
            }
            seen = witness;
        }
        handOver(direction);
        leave();
    }

    private void left(long after) {
        if ((after & CLOSED) != 0 && after < USER) {
            whenLastLeft.run();
        }
    }

    private void handOver(Direction direction) {
        Queues both = queues();
        ArrayDeque<Cell> waiting = both.of(direction);
        both.lock();
        try {
            boolean handedOver = false;
            Cell next = waiting.poll();
            while (next != null && !handedOver) {
                handedOver = next.fill();
                next = handedOver ? next : waiting.poll();
            }
            long gone =
                    (handedOver ? 0 : direction.held) | (waiting.isEmpty() ? direction.awaited : 0);
            STATE.getAndBitwiseAnd(this, ~gone);
        } finally {
            both.unlock();
        }
    }

    private void awaitTurn(Direction direction) throws ClosedChannelException {
        Strand strand = Strand.current();
        if (!strand.mayWait()) {
            // It says so, before anybody gives the turn to who will never take it.
            strand.checkpoint();
        }
        var cell = new Cell(strand.thread(), "a turn to", direction);
        if (!queue(direction, cell)) {
            return;
        }
        try {
            strand.await(cell);
        } catch (CancelledException e) {
            if (!cell.abandon() && cell.isFilled()) {
                // The turn came in the same moment: it goes to the next.
                leave(direction);
            } else {
                unqueue(direction, cell);
            }
            if (isClosed()) {
                strand.untell();
                throw new AsynchronousCloseException();
            }
            throw e;
        }
    }

    /** Queues the caller; false if the turn was its own at once. */
    private boolean queue(Direction direction, Cell cell) throws ClosedChannelException {
        Queues both = queues();
        both.lock();
        try {
            while (true) {
                long seen = state;
                if ((seen & CLOSED) != 0) {
                    throw new ClosedChannelException();
                }
                boolean free = (seen & (direction.held | direction.awaited)) == 0;
                long claim = free ? direction.held : direction.awaited;
                if (STATE.compareAndSet(this, seen, (seen | claim) + USER)) {
                    if (!free) {
                        both.of(direction).add(cell);
                    }
                    return !free;
                }
            }
        } finally {
            both.unlock();
        }
    }

    private void unqueue(Direction direction, Cell cell) {
        Queues both = queues();
        both.lock();
        try {
            ArrayDeque<Cell> waiting = both.of(direction);
            waiting.remove(cell);
            if (waiting.isEmpty()) {
                STATE.getAndBitwiseAnd(this, ~direction.awaited);
            }
        } finally {
            both.unlock();
        }
        leave();
    }

    /**
     * Closes the door, with the caller inside; false if it was closed before. Those who wait for a
     * turn are sent away.
     */
    public boolean close() {
        if (!shut()) {
            return false;
        }
        // Whoever makes them from now on finds the door closed under their lock.
        Queues both = queues;
        if (both != null) {
            both.abandonAll();
        }
        return true;
    }

    private boolean shut() {
        long seen = state;
        while ((seen & CLOSED) == 0) {
            long witness = (long) STATE.compareAndExchange(this, seen, (seen | CLOSED) + USER);
            if (witness == seen) {
                return true;
            }
            seen = witness;
        }
        return false;
    }

    /** Closes the door if nobody is inside. */
    public boolean closeIfUnused() {
        return STATE.compareAndSet(this, 0, CLOSED);
    }

    /** Comes in as the reader and the writer, if nobody is inside. */
    public boolean tryEnterAlone() {
        return STATE.compareAndSet(
                this, 0, (Direction.READ.held | Direction.WRITE.held) + 2 * USER);
    }

    private Queues queues() {
        Queues known = queues;
        if (known != null) {
            return known;
        }
        var made = new Queues();
        var witness = (@Nullable Queues) QUEUES.compareAndExchange(this, null, made);
        return witness == null ? made : witness;
    }

    /** Those who wait, and their lock. */
    @SuppressWarnings("serial") // nobody writes it anywhere
    private static final class Queues extends ReentrantLock {
        private final ArrayDeque<Cell> readers = new ArrayDeque<>(2);
        private final ArrayDeque<Cell> writers = new ArrayDeque<>(2);

        ArrayDeque<Cell> of(Direction direction) {
            return switch (direction) {
                case READ -> readers;
                case WRITE -> writers;
            };
        }

        void abandonAll() {
            lock();
            try {
                readers.forEach(Cell::abandon);
                writers.forEach(Cell::abandon);
            } finally {
                unlock();
            }
        }
    }
}
