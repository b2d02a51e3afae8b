package dev.volokno.engine;

import dev.volokno.CancelledException;
import dev.volokno.backend.Backend;
import dev.volokno.backend.Operation;
import dev.volokno.linux.Errno;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A thread as the scheduler sees it: what it waits for, and whether it is to be cancelled. Fibers
 * have one for life; any other thread gets one when it first calls the library.
 *
 * <p>Whoever waits publishes the wait before it looks for a cancellation, and whoever cancels
 * publishes that before it looks for a wait: at least one of them sees the other, or the interrupt
 * that is sent to who seems not to wait.
 */
public final class Strand {
    private static final ThreadLocal<@Nullable Strand> CURRENT = new ThreadLocal<>();
    private static final VarHandle DRIVER;

    static {
        try {
            DRIVER = MethodHandles.lookup().findVarHandle(Strand.class, "driver", Engine.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Thread thread;
    private final @Nullable Engine home;
    private @Nullable Object owner;

    // Any thread.
    private volatile Ending ending = Ending.NOT_ASKED;
    private volatile boolean interrupted;

    /** The interrupt bit was set by a cancellation of ours. */
    private volatile boolean ourInterrupt;

    private volatile boolean shielded;
    private volatile @Nullable Cell cell;

    /** Without a fence: who cancels and does not see it yet interrupts the thread instead. */
    private @Nullable Engine driver;

    // The strand's own thread.
    private KernelWait kernelWait = new KernelWait(this);
    private @Nullable Cell sleep;
    private final Slice slice = new Slice();
    private @Nullable Bound bound;
    private @Nullable Use use;
    private int selects;

    private Strand(Thread thread, @Nullable Engine home) {
        this.thread = thread;
        this.home = home;
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
        seen();
    }

    /** For the watchdog, and for the next call: this is who runs on the loop now. */
    private void seen() {
        if (home != null) {
            home.seen(this);
        }
    }

    /** What the thread does or waits for, as far as another thread can tell. */
    public String activity(long now) {
        Cell waitedFor = cell;
        if (waitedFor != null) {
            return waitedFor.tell(now);
        }
        return DRIVER.getOpaque(this) != null
                ? kernelWait.tell(now)
                : FiberThreads.activity(thread);
    }

    /** Whether it waits for something of the JDK's, as far as another thread can tell. */
    public boolean waitsInJdk() {
        return FiberThreads.isParked(thread) && cell == null && DRIVER.getOpaque(this) == null;
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
        if (!mayWait() && operation.neverWaits() && engine.onLoop()) {
            return engine.start(kernelWait, operation);
        }
        checkpoint();
        if (!engine.onLoop()) {
            engine.post(new RemoteStart(this, engine, operation, kernelWait));
            return await(engine);
        }
        long answer = engine.start(kernelWait, operation);
        if (answer != Backend.PENDING) {
            letOthersRun(engine);
            return answer;
        }
        return await(engine);
    }

    private long await(Engine engine) {
        DRIVER.setOpaque(this, engine);
        tellSteeringOfWait();
        if (mustEnd() && !shielded) {
            engine.execute(new CancelWait(this, engine, kernelWait));
        }
        try {
            parkUntilDone();
        } catch (Throwable outOfStack) {
            // The operation goes on without us; its end must not be taken for that of a later one.
            kernelWait = new KernelWait(this);
            throw outOfStack;
        } finally {
            DRIVER.setOpaque(this, (Engine) null);
            seen();
        }
        long result = kernelWait.take();
        if (!Errno.ECANCELED.is(result)) {
            keepInterrupt();
        }
        return result;
    }

    private void parkUntilDone() {
        while (!kernelWait.isDone()) {
            LockSupport.park(this);
            if (!kernelWait.isDone() && Thread.interrupted()) {
                interrupted();
            }
        }
    }

    /**
     * A call has succeeded without a wait: after many of them, or a long time, the others have
     * their turn.
     */
    private void letOthersRun(Engine engine) {
        if (home == engine && slice.isUsedUp(engine)) {
            // No checkpoint after it: the call has succeeded, and its result is delivered.
            Thread.yield();
        }
    }

    /** The same for a call that has nothing to do with the kernel. */
    public void letOthersRun() {
        if (home != null && home.onLoop()) {
            letOthersRun(home);
        }
    }

    /** Lets every other fiber that is ready run first, and the loop too. */
    public void giveWay() {
        checkpoint();
        if (home == null || home.isConfined()) {
            Thread.yield();
        } else {
            // The JDK's yield goes to the end of the carrier's own queue, which the thread that
            // turns the loop may never get into.
            var turn = new Cell(thread, "a turn of", "its loop");
            home.post(new Fill(turn));
            await(turn);
        }
        checkpoint();
    }

    // ---- waiting for each other

    /**
     * Waits until {@code awaited} is filled. What has come already is delivered, whatever else: a
     * checkpoint is up to the caller, before it lets others see the cell.
     *
     * @throws CancelledException if the strand is cancelled or its time is over before that
     */
    public void await(Cell awaited) {
        if (isToEnd() && awaited.abandon()) {
            letOthersRun();
            throw cancelled(0);
        }
        Bound around = shielded ? null : bound;
        boolean timed = around != null && around.timed();
        if (!park(awaited, around == null ? 0 : around.deadlineNanos(), timed)) {
            throw cancelled(0);
        }
    }

    /** Waits until {@link #nanoTime} has reached {@code deadlineNanos}, not a moment less. */
    public void sleepUntil(long deadlineNanos) {
        checkpoint();
        Bound around = shielded ? null : bound;
        boolean cutShort =
                around != null && around.timed() && around.deadlineNanos() - deadlineNanos < 0;
        long until = around != null && cutShort ? around.deadlineNanos() : deadlineNanos;
        if (until - nanoTime() <= 0) {
            giveWay();
        }
        Cell time = sleep == null ? new Cell(thread, "a", "time") : sleep;
        sleep = time;
        do {
            time.empty();
            park(time, until, true);
            if (mustEnd()) {
                checkpoint();
            }
            // A late word for an earlier sleep may have ended this one.
        } while (until - nanoTime() > 0);
        if (cutShort) {
            checkpoint();
        }
    }

    private boolean park(Cell awaited, long deadlineNanos, boolean timed) {
        Engine onTimersOf = timed && home != null && home.onLoop() ? home : null;
        awaited.begun(home);
        cell = awaited;
        tellSteeringOfWait();
        if (mustEnd() && !shielded) {
            awaited.abandon();
        }
        try {
            if (onTimersOf != null) {
                onTimersOf.timers().arm(awaited, deadlineNanos);
            }
            parkUntilEnded(awaited, deadlineNanos, timed, onTimersOf == null);
        } finally {
            cell = null;
            seen();
            if (onTimersOf != null) {
                onTimersOf.timers().cancel(awaited);
            }
        }
        if (awaited.isFilled()) {
            keepInterrupt();
        }
        return awaited.isFilled();
    }

    private void parkUntilEnded(Cell awaited, long deadlineNanos, boolean timed, boolean alone) {
        while (awaited.isEmpty()) {
            parkOnce(timed && alone, deadlineNanos);
            if (awaited.isEmpty() && Thread.interrupted()) {
                interrupted();
            }
            if (timed && deadlineNanos - nanoTime() <= 0) {
                awaited.abandon();
            }
        }
    }

    /** The time that its waits go by. */
    public long nanoTime() {
        return home == null ? System.nanoTime() : home.nanoTime();
    }

    private void tellSteeringOfWait() {
        Steering steering = home == null ? null : home.steering();
        if (steering != null) {
            steering.waits(this);
        }
    }

    private void parkOnce(boolean timed, long deadlineNanos) {
        if (timed) {
            LockSupport.parkNanos(this, Math.max(0, deadlineNanos - System.nanoTime()));
        } else {
            LockSupport.park(this);
        }
    }

    /** A number that is one more each time, for whoever gives several sources their turns. */
    public int nextTurn() {
        return selects++;
    }

    // ---- cancellation

    /**
     * Asks that the strand end: its wait, and every further one, throws {@link CancelledException}.
     * A wait for something of the JDK's is interrupted, once.
     */
    public void cancel() {
        if (ending == Ending.NOT_ASKED) {
            ending = Ending.UNTOLD;
            endAnyWait();
        }
    }

    public boolean isCancelRequested() {
        return ending != Ending.NOT_ASKED;
    }

    /** Ends the block of calls in {@code around}, which this strand is in, from any thread. */
    public void cancel(Bound around) {
        if (!around.isCancelled()) {
            around.cancel();
            endAnyWait();
        }
    }

    private void endAnyWait() {
        Bound around = bound;
        boolean kept = around != null && around.isShielding() && !around.anyCancelled();
        if (!endOurWait() && !kept && !shielded) {
            interrupt();
        }
    }

    private void interrupt() {
        ourInterrupt = true;
        thread.interrupt();
    }

    /** Ends the wait of ours in progress; false if there is none. */
    private boolean endOurWait() {
        Cell waitedFor = cell;
        Engine engine = (Engine) DRIVER.getOpaque(this);
        if (waitedFor != null) {
            if (mustEnd() && !shielded) {
                waitedFor.abandon();
            }
            return true;
        }
        if (engine != null) {
            engine.execute(new CancelWait(this, engine, kernelWait));
            return true;
        }
        return false;
    }

    /** On the loop of {@code engine}: ends a wait for it if there is a reason and it goes on. */
    void end(KernelWait wait, Engine engine) {
        boolean over = mustEnd() && !shielded && !wait.cancel(engine);
        if (over && cell == null && DRIVER.getOpaque(this) == null) {
            // It had ended when this was sent, which the sender could not see yet.
            interruptIfUntold();
        }
    }

    /** An interrupt cancels a fiber; of another thread it ends the one call. */
    private void interrupted() {
        if (ourInterrupt) {
            ourInterrupt = false;
        } else if (home != null) {
            ending = ending.asked();
        } else {
            interrupted = true;
        }
        endOurWait();
    }

    /** A cancellation that no exception of ours has told yet ends the next wait of the JDK's. */
    private void interruptIfUntold() {
        if (home != null && mustEnd() && !ourInterrupt && !shielded && isUntold()) {
            interrupt();
        }
    }

    private boolean isUntold() {
        Bound around = bound;
        boolean itself = isEndedItself(around) && ending == Ending.UNTOLD;
        return itself || (around != null && around.anyUntold());
    }

    private void tell() {
        Bound around = bound;
        ending = isEndedItself(around) ? ending.told() : ending;
        if (around != null) {
            around.tell(true);
        }
    }

    /** The exception that told of a cancellation goes no further. */
    public void untell() {
        ending = ending.untold();
        Bound around = bound;
        if (around != null) {
            around.tell(false);
        }
        interruptIfUntold();
    }

    /** Keeps an interrupt off the waits of the JDK's; whether there is one of somebody else's. */
    public boolean holdInterrupt() {
        boolean pending = Thread.interrupted();
        if (!ourInterrupt) {
            return pending;
        }
        ourInterrupt = false;
        if (!pending) {
            // A wait of the JDK's has told.
            tell();
        }
        return false;
    }

    /** Passes it on, and what was kept off meanwhile. */
    public void releaseInterrupt(boolean held) {
        if (held) {
            thread.interrupt();
        } else {
            interruptIfUntold();
        }
    }

    /** Takes back an interrupt of ours that is not needed any more. */
    public void forgetInterrupt() {
        if (!mustEnd()) {
            takeInterruptBack();
        }
    }

    private void takeInterruptBack() {
        if (ourInterrupt) {
            ourInterrupt = false;
            Thread.interrupted();
        }
    }

    /** The wait ended for another reason than the interrupt that came: it stays the caller's. */
    public void keepInterrupt() {
        if (interrupted) {
            giveInterruptBack();
        }
        interruptIfUntold();
    }

    private void giveInterruptBack() {
        interrupted = false;
        thread.interrupt();
    }

    private boolean mustEnd() {
        Bound around = bound;
        return isEndedItself(around) || (around != null && around.anyCancelled());
    }

    /**
     * Whether the strand itself is to end, not just a block of its calls; a shield keeps it off.
     */
    private boolean isEndedItself(@Nullable Bound around) {
        return (isCancelRequested() || interrupted) && (around == null || !around.isShielding());
    }

    /** Throws if the strand is cancelled or its time is over. */
    public void checkpoint() {
        if (isToEnd()) {
            // A fiber that goes on all the same must not keep the loop from its work.
            letOthersRun();
            throw cancelled(0);
        }
    }

    /** Whether a wait must not begin; an interrupt of somebody else's cancels a fiber. */
    private boolean isToEnd() {
        Use inside = use;
        if (inside != null) {
            inside.refuseWait();
        }
        Steering steering = home == null ? null : home.steering();
        if (steering != null) {
            steering.checkpoint(this);
        }
        if (shielded) {
            return false;
        }
        if (home != null && !ourInterrupt && thread.isInterrupted() && Thread.interrupted()) {
            ending = ending.asked();
        }
        Bound around = bound;
        return isEndedItself(around) || (around != null && around.isOver());
    }

    /** Whether more than {@code inner} ends the waits: the strand, or a bound further out. */
    public boolean endsOutside(Bound inner) {
        Bound around = inner.outer();
        return isEndedItself(inner) || (around != null && around.isOver());
    }

    /** What a wait that ended with {@code -ECANCELED} throws. */
    public CancelledException cancelled(long transferred) {
        if (interrupted) {
            giveInterruptBack();
            return new CancelledException("the thread was interrupted", transferred);
        }
        tell();
        takeInterruptBack();
        return new CancelledException(whatEndsIt(), transferred);
    }

    private String whatEndsIt() {
        Bound around = bound;
        if (isEndedItself(around)) {
            return "the fiber was cancelled";
        }
        boolean scope = around != null && around.anyCancelled();
        return scope ? "the scope around it was cancelled" : "the time is over";
    }

    /** Until the matching {@link #unshield}, neither cancellation nor a deadline ends a wait. */
    public boolean shield() {
        boolean before = shielded;
        shielded = true;
        return before;
    }

    public void unshield(boolean before) {
        shielded = before;
        interruptIfUntold();
    }

    boolean isShielded() {
        return shielded;
    }

    /** Whether waits are possible where it is now. */
    public boolean mayWait() {
        Use inside = use;
        return inside == null || inside.allowsWaits();
    }

    /** What this strand holds open around its calls, and must not wait for. */
    public @Nullable Use use() {
        return use;
    }

    public void use(@Nullable Use innermost) {
        use = innermost;
    }

    /** The innermost bound around the calls of the strand's own thread. */
    public @Nullable Bound bound() {
        return bound;
    }

    /** Sets the bound of the calls to come; whoever does puts the former one back. */
    public void bound(@Nullable Bound innermost) {
        bound = innermost;
    }

    @Override
    public String toString() {
        return thread.getName().isEmpty() ? "thread " + thread.threadId() : thread.getName();
    }
}
