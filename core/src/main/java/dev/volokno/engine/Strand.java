package dev.volokno.engine;

import dev.volokno.CancelledException;
import dev.volokno.backend.Backend;
import dev.volokno.backend.Completion;
import dev.volokno.backend.Operation;
import dev.volokno.linux.Errno;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A thread as the scheduler sees it: what it waits for, and whether it is to be cancelled. Fibers
 * have one for life; any other thread gets one when it first calls the library.
 *
 * <p>A wait for the kernel is begun, cancelled and completed on the thread of the loop that drives
 * it, so these never race. Whoever waits publishes the wait before it looks for a cancellation, and
 * whoever cancels publishes that before it looks for a wait: at least one of them sees the other.
 */
public final class Strand implements Completion {
    /** Calls that succeed at once before the strand lets others run. */
    private static final int CALLS_PER_SLICE = 128;

    private static final long SLICE_NANOS = 500_000;

    private static final ThreadLocal<@Nullable Strand> CURRENT = new ThreadLocal<>();

    private final Thread thread;
    private final @Nullable Engine home;
    private @Nullable Object owner;

    // Any thread.
    private volatile boolean cancelRequested;
    private volatile boolean interrupted;

    /** The interrupt bit was set by a cancellation of ours. */
    private volatile boolean ourInterrupt;

    private volatile boolean shielded;
    private volatile @Nullable Engine driver;
    private volatile @Nullable Cell cell;
    private volatile boolean done;

    // The driving loop's thread.
    private @Nullable Operation operation;
    private @Nullable Engine driving;
    private boolean fromElsewhere;
    private long result;
    private final Timer deadlineTimer = new DeadlineTimer();

    // The strand's own thread.
    private @Nullable Bound bound;
    private final Cell sleep;
    private long sliceSwitches = -1;
    private long sliceStart;
    private int callsLeft;

    private Strand(Thread thread, @Nullable Engine home) {
        this.thread = thread;
        this.home = home;
        sleep = new Cell(thread);
    }

    /** The strand of a fiber of {@code home} that runs on {@code thread}. */
    static Strand ofFiber(Thread thread, Engine home) {
        return new Strand(thread, home);
    }

    /** The current thread's strand. */
    public static Strand current() {
        Strand known = CURRENT.get();
        if (known == null) {
            known = new Strand(Thread.currentThread(), null);
            CURRENT.set(known);
        }
        return known;
    }

    /** The current thread is this strand's, from now on. */
    void bind() {
        CURRENT.set(this);
    }

    public Thread thread() {
        return thread;
    }

    /** What users know this strand as; set before it starts. */
    public @Nullable Object owner() {
        return owner;
    }

    public void owner(Object known) {
        owner = known;
    }

    /** The loop whose fiber this is. */
    public @Nullable Engine home() {
        return home;
    }

    // ---- waiting for the kernel

    /**
     * Carries out an operation on {@code engine}'s loop and waits for its end: the result, or the
     * negated errno; {@code -ECANCELED} if it was cancelled.
     *
     * @throws CancelledException before anything is begun, if the strand is cancelled or its time
     *     is over
     */
    long perform(Engine engine, Operation operation) {
        checkpoint();
        engine.seen(thread);
        if (!engine.onLoop()) {
            engine.post(new RemoteStart(engine, operation));
            return await(engine);
        }
        long answer = engine.start(this, operation);
        if (answer != Backend.PENDING) {
            spend(engine);
            return answer;
        }
        return await(engine);
    }

    private long await(Engine engine) {
        driver = engine;
        if (mustEnd() && !shielded) {
            engine.execute(new CancelWait());
        }
        while (!done) {
            LockSupport.park(this);
            if (!done && Thread.interrupted()) {
                interrupted();
            }
        }
        driver = null;
        done = false;
        if (interrupted && !Errno.ECANCELED.is(result)) {
            giveInterruptBack();
        }
        return result;
    }

    /** What a wait that ended with {@code -ECANCELED} throws. */
    public CancelledException cancelled(long transferred) {
        if (interrupted) {
            giveInterruptBack();
            return new CancelledException("the thread was interrupted", transferred);
        }
        return new CancelledException(
                cancelRequested ? "the fiber was cancelled" : "the time is over", transferred);
    }

    private void giveInterruptBack() {
        interrupted = false;
        thread.interrupt();
    }

    /** On the driving loop: the wait for {@code begun} has begun. */
    void begin(Engine engine, Operation begun, boolean elsewhere) {
        operation = begun;
        driving = engine;
        fromElsewhere = elsewhere;
        Bound around = bound;
        if (around != null && around.timed()) {
            engine.timers().arm(deadlineTimer, around.deadlineNanos());
        }
    }

    @Override
    public void completed(Operation completed, long answer) {
        Engine engine = driving;
        assert engine != null;
        assert completed == operation;
        engine.ended(fromElsewhere);
        engine.timers().cancel(deadlineTimer);
        operation = null;
        driving = null;
        finish(answer);
    }

    private void finish(long answer) {
        result = answer;
        done = true;
        LockSupport.unpark(thread);
    }

    private void cancelOperation() {
        Operation waitedFor = operation;
        Engine engine = driving;
        if (waitedFor != null && engine != null && !waitedFor.blocks()) {
            waitedFor.cancelIn(engine.backend());
        }
    }

    // ---- waiting for each other

    /**
     * Waits until {@code awaited} is filled.
     *
     * @throws CancelledException if the strand is cancelled or its time is over before that
     */
    public void await(Cell awaited) {
        checkpoint();
        Bound around = bound;
        boolean timed = around != null && around.timed();
        if (!park(awaited, around == null ? 0 : around.deadlineNanos(), timed)) {
            throw cancelled(0);
        }
    }

    /** Waits until {@link System#nanoTime} has reached {@code deadlineNanos}, not a moment less. */
    public void sleepUntil(long deadlineNanos) {
        checkpoint();
        Bound around = bound;
        boolean cutShort =
                around != null && around.timed() && around.deadlineNanos() - deadlineNanos < 0;
        sleep.empty();
        park(sleep, around != null && cutShort ? around.deadlineNanos() : deadlineNanos, true);
        if (cutShort || mustEnd()) {
            checkpoint();
        }
    }

    private boolean park(Cell awaited, long deadlineNanos, boolean timed) {
        boolean onTimers = timed && home != null && home.onLoop();
        cell = awaited;
        if (mustEnd() && !shielded) {
            awaited.abandon();
        }
        if (onTimers && home != null) {
            home.timers().arm(deadlineTimer, deadlineNanos);
        }
        while (awaited.isEmpty()) {
            parkOnce(timed && !onTimers, deadlineNanos);
            if (awaited.isEmpty() && Thread.interrupted()) {
                interrupted();
            }
            if (timed && deadlineNanos - System.nanoTime() <= 0) {
                awaited.abandon();
            }
        }
        cell = null;
        if (onTimers && home != null) {
            home.timers().cancel(deadlineTimer);
        }
        return awaited.isFilled();
    }

    private void parkOnce(boolean timed, long deadlineNanos) {
        if (timed) {
            LockSupport.parkNanos(this, Math.max(0, deadlineNanos - System.nanoTime()));
        } else {
            LockSupport.park(this);
        }
    }

    // ---- cancellation

    /**
     * Asks that the strand end: its wait, and every further one, throws {@link CancelledException}.
     * A wait for something of the JDK's is interrupted, once.
     */
    public void cancel() {
        if (cancelRequested) {
            return;
        }
        cancelRequested = true;
        if (!endWait()) {
            interruptJdkWait();
        }
    }

    public boolean isCancelRequested() {
        return cancelRequested;
    }

    /** An interrupt cancels a fiber; of another thread it ends the one call. */
    private void interrupted() {
        if (ourInterrupt) {
            ourInterrupt = false;
        } else if (home != null) {
            cancelRequested = true;
        } else {
            interrupted = true;
        }
        endWait();
    }

    /** Ends the wait of ours in progress; false if there is none. */
    private boolean endWait() {
        Cell waitedFor = cell;
        Engine engine = driver;
        if (waitedFor != null) {
            if (!shielded) {
                waitedFor.abandon();
            }
            return true;
        }
        if (engine != null) {
            engine.execute(new CancelWait());
            return true;
        }
        return false;
    }

    private boolean mustEnd() {
        Bound around = bound;
        return cancelRequested || interrupted || (around != null && around.anyCancelled());
    }

    /** Throws if the strand is cancelled or its time is over. */
    public void checkpoint() {
        if (shielded) {
            return;
        }
        Bound around = bound;
        if (cancelRequested || interrupted || (around != null && around.isOver())) {
            throw cancelled(0);
        }
    }

    /** Until the matching {@link #unshield}, neither cancellation nor a deadline ends a wait. */
    public boolean shield() {
        boolean before = shielded;
        shielded = true;
        return before;
    }

    public void unshield(boolean before) {
        shielded = before;
    }

    /** The innermost bound around the calls of the strand's own thread. */
    public @Nullable Bound bound() {
        return bound;
    }

    /** Sets the bound of the calls to come; whoever does puts the former one back. */
    public void bound(@Nullable Bound innermost) {
        bound = innermost;
    }

    /** Ends the block of calls in {@code around}, which this strand is in, from any thread. */
    public void cancel(Bound around) {
        around.cancel();
        if (!endWait()) {
            interruptJdkWait();
        }
    }

    /** Takes back an interrupt of ours that met no wait of the JDK's. */
    public void forgetInterrupt() {
        if (ourInterrupt) {
            ourInterrupt = false;
            Thread.interrupted();
        }
    }

    private void interruptJdkWait() {
        if (Thread.currentThread() != thread) {
            ourInterrupt = true;
            thread.interrupt();
        }
    }

    // ---- fairness

    /**
     * A call has succeeded without a wait: after many of them, or a long time, the others have
     * their turn.
     */
    private void spend(Engine engine) {
        if (home != engine) {
            return;
        }
        long switches = engine.switches();
        if (switches != sliceSwitches) {
            sliceSwitches = switches;
            sliceStart = System.nanoTime();
            callsLeft = CALLS_PER_SLICE;
        } else if (--callsLeft <= 0 || System.nanoTime() - sliceStart > SLICE_NANOS) {
            Thread.yield();
            checkpoint();
        }
    }

    @Override
    public String toString() {
        return thread.getName().isEmpty() ? "thread " + thread.threadId() : thread.getName();
    }

    private final class DeadlineTimer extends Timer {
        @Override
        protected void expired() {
            Cell waitedFor = cell;
            if (waitedFor != null) {
                waitedFor.abandon();
            } else if (!shielded) {
                cancelOperation();
            }
        }
    }

    /** Cancels the operation in progress, unless that has ended meanwhile. */
    private final class CancelWait implements LoopTask {
        @Override
        public void runOnLoop() {
            if (mustEnd() && !shielded) {
                cancelOperation();
            }
        }

        @Override
        public void abandoned() {
            // The loop completes its operations before it ends.
        }
    }

    /** Begins an operation for a strand that does not run on the loop. */
    private final class RemoteStart implements LoopTask {
        private final Engine engine;
        private final Operation remote;

        RemoteStart(Engine engine, Operation remote) {
            this.engine = engine;
            this.remote = remote;
        }

        @Override
        public void runOnLoop() {
            long answer = engine.startRemote(Strand.this, remote);
            if (answer != Backend.PENDING) {
                finish(answer);
            } else {
                new CancelWait().runOnLoop();
            }
        }

        @Override
        public void abandoned() {
            finish(Engine.ENDED);
        }
    }
}
