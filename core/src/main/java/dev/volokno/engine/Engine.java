package dev.volokno.engine;

import dev.volokno.backend.Backend;
import dev.volokno.backend.Completion;
import dev.volokno.backend.DirectOperation;
import dev.volokno.backend.ForeignSet;
import dev.volokno.backend.Kernel;
import dev.volokno.backend.Operation;
import dev.volokno.linux.Errno;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.channels.ClosedChannelException;
import org.jspecify.annotations.Nullable;

/**
 * The heart of a loop: runs fibers that are ready, expires timers, and lets the backend wait for
 * the kernel.
 *
 * <p>Confined, it turns on a platform thread and the fibers run on that thread too. Unconfined, it
 * turns on a virtual thread of its own and the fibers are ordinary virtual threads beside it:
 * everything they want comes through the inbox, so the same code serves both.
 */
public final class Engine {
    /** What an operation ends with when its loop has ended before it began. */
    public static final long ENDED = -Errno.ESHUTDOWN.number();

    /** So many things that others want are done before timers and fibers have their turn. */
    private static final int INBOX_BATCH = 1024;

    private static final long FOR_EVER = -1;

    /** Whose thread an engine's is while nobody turns it. */
    private static final Thread NOBODY = Thread.ofPlatform().unstarted(() -> {});

    private final Backend backend;
    private final @Nullable Rest rest;
    private final FiberThreads fibers;
    private final Inbox<Object> inbox = new Inbox<>();
    private final LoopTime time;
    private final ReadyQueue ready;
    private final WorkerCalls workers = new WorkerCalls(this);
    private final Hooks hooks = new Hooks();

    private volatile Thread thread;
    private volatile @Nullable ForeignSet foreignSet;
    private volatile boolean ended;

    private volatile @Nullable Object owner;

    private volatile Phase phase = Phase.RUNNING;

    // Loop thread.
    private long activity;
    private long inFlight;
    private long turns;

    private Engine(Backend backend, @Nullable Steering steering, @Nullable Rest rest) {
        this.backend = backend;
        this.rest = rest;
        thread = Thread.currentThread();
        time = new LoopTime(steering);
        ready = new ReadyQueue(steering);
        fibers = new FiberThreads(this, rest == null);
    }

    /** An engine whose fibers run on the calling platform thread, as it turns. */
    public static Engine confined(Backend backend, @Nullable Steering steering) {
        VirtualThreads.makeSocketPollers();
        return new Engine(backend, steering, null);
    }

    /**
     * An engine that turns on a virtual thread and sleeps by {@code rest}; its fibers are ordinary
     * virtual threads.
     */
    public static Engine unconfined(Backend backend, Rest rest) {
        return new Engine(backend, null, rest);
    }

    /**
     * RUNNING -> ABANDONED, whatever still lives; either -> DRAINING: only the kernel is waited
     * for.
     */
    private enum Phase {
        RUNNING,
        ABANDONED,
        DRAINING
    }

    public boolean isConfined() {
        return rest == null;
    }

    /** Whether its time is not the machine's. */
    public boolean isSteered() {
        return time.steering() != null;
    }

    @Nullable Steering steering() {
        return time.steering();
    }

    /** The time that its waits go by. Any thread. */
    public long nanoTime() {
        return time.now();
    }

    public Backend backend() {
        return backend;
    }

    public TimerQueue timers() {
        return time.timers();
    }

    /** What users know this engine as. */
    public @Nullable Object owner() {
        return owner;
    }

    public void owner(Object known) {
        owner = known;
    }

    // ---- which thread is this

    /** Whether the caller runs on the loop's thread, as the loop itself or as a fiber on it. */
    public boolean onLoop() {
        if (ended) {
            // The thread is free again, and may run the next loop.
            return false;
        }
        return isConfined() ? VirtualThreads.carrier() == thread : Thread.currentThread() == thread;
    }

    /** The engine whose fiber, or whose thread, this is. */
    public static @Nullable Engine current() {
        Engine home = Strand.current().home();
        return home != null ? home : Carriers.current();
    }

    // ---- fibers

    /**
     * A fiber's thread, not started, which has the caller's scoped values where the JDK lets us.
     */
    public Strand newFiber(String name, Runnable body) {
        return fibers.create(name, body);
    }

    /** On the loop: a callback is due, and has its turn among the fibers. */
    void due(Callback callback) {
        ready.add(callback);
    }

    /** Makes a virtual thread's continuation run soon; the JDK calls this from any thread. */
    void resume(Runnable continuation) {
        if (onLoop()) {
            ready.add(continuation);
        } else {
            putIn(continuation);
        }
    }

    /** Arms a timer of the JDK's. */
    void arm(JdkTimer timer, long delayNanos) {
        // The order of timers bears no differences beyond 2^63.
        long delay = Math.min(delayNanos, Bound.LONGEST_NANOS);
        long deadline = System.nanoTime() + delay;
        timer.deadlineNanos = deadline;
        if (onLoop()) {
            time.jdkTimers().arm(timer, deadline);
        } else {
            AfterEnd.expires(timer, delay);
        }
    }

    // ---- what has to happen on the loop

    /** Runs {@code task} on the loop's thread: now if this is it, else soon. */
    public void execute(LoopTask task) {
        if (onLoop()) {
            task.runOnLoop();
        } else {
            post(task);
        }
    }

    /** Runs {@code task} on the loop's thread, soon. */
    public void post(LoopTask task) {
        putIn(task);
    }

    private void putIn(Object item) {
        if (inbox.put(item)) {
            wakeUp();
        }
        // After the end nobody takes items out but those who put them in.
        if (ended) {
            emptyInboxAfterEnd();
        }
    }

    void wakeUp() {
        if (rest == null) {
            backend.wakeUp();
        } else {
            rest.wakeUp();
        }
    }

    private void takeInbox() {
        for (int left = INBOX_BATCH; left > 0; left--) {
            Object item = inbox.take();
            if (item == null) {
                return;
            }
            if (item instanceof LoopTask task) {
                task.runOnLoop();
            } else {
                ready.add((Runnable) item);
            }
        }
    }

    // ---- operations

    /** Carries out an operation for the calling thread and waits for its end. */
    public long perform(Operation operation) {
        return current(ready.lastSeen()).perform(this, operation);
    }

    /** The calling thread's strand; mostly it is the one that was seen last. */
    private static Strand current(@Nullable Strand lastSeen) {
        return lastSeen != null && lastSeen.thread() == Thread.currentThread()
                ? lastSeen
                : Strand.current();
    }

    /** On the loop: begins an operation of a strand that runs here. */
    long start(KernelWait wait, Operation operation) {
        return start(wait, operation, false);
    }

    /**
     * On the loop: begins an operation for a strand that runs elsewhere; it keeps the loop alive.
     */
    long startRemote(KernelWait wait, Operation operation) {
        return start(wait, operation, true);
    }

    private long start(KernelWait wait, Operation operation, boolean remote) {
        if (operation.comesTooLate()) {
            return -Errno.ECANCELED.number();
        }
        long instead = instead(operation, true);
        if (instead != Backend.PENDING) {
            return instead;
        }
        operation.awaitedBy(wait);
        if (operation.blocks()) {
            // Before it is handed over: in there the fiber may have to wait for a lock, and the
            // answer may come first.
            begin(wait, operation, remote);
            workers.start(operation);
            return Backend.PENDING;
        }
        long answer = operation.submitTo(backend);
        if (answer == Backend.PENDING) {
            begin(wait, operation, remote);
        } else if (operation.isLeftToWorker(answer)) {
            begin(wait, operation, remote);
            workers.start(operation);
            return Backend.PENDING;
        } else {
            operation.answered();
        }
        return answer;
    }

    /**
     * On the loop: what a test answers in the kernel's place; {@link Backend#PENDING} if nothing.
     */
    public long instead(Operation operation, boolean mayWait) {
        Steering steering = time.steering();
        return steering == null ? Backend.PENDING : steering.begins(operation, mayWait);
    }

    private void begin(KernelWait wait, Operation operation, boolean remote) {
        begun(remote);
        wait.begin(this, operation, remote);
    }

    private void begun(boolean remote) {
        inFlight++;
        activity += remote ? 1 : 0;
    }

    /**
     * On the loop: begins an operation that never blocks, for a wait that is not the strand's, and
     * that says when it has {@link #ended}.
     */
    public void startFor(Completion wait, Operation operation, boolean remote) {
        begun(remote);
        long answer = -Errno.ECANCELED.number();
        if (!operation.comesTooLate()) {
            operation.awaitedBy(wait);
            long instead = instead(operation, true);
            answer = instead == Backend.PENDING ? operation.submitTo(backend) : instead;
        }
        if (answer != Backend.PENDING) {
            operation.answered();
            wait.completed(operation, answer);
        }
    }

    /** On the loop: makes a call that cannot block. */
    public long callHere(WorkerCalls.Call call) {
        try (Arena arena = Arena.ofConfined()) {
            return call.make(Kernel.newErrno(arena));
        }
    }

    /** Calls on other threads, for what blocks. */
    public WorkerCalls workers() {
        return workers;
    }

    /** On the loop: a call of the loop's own begins elsewhere, which it waits for. */
    void callBegins() {
        inFlight++;
    }

    void callEnds() {
        inFlight--;
    }

    /** The waits for descriptors that are not ours. */
    public synchronized ForeignSet foreignSet() throws IOException {
        ForeignSet known = foreignSet;
        if (ended) {
            throw new ClosedChannelException();
        }
        if (known == null) {
            known = new ForeignSet(backend);
            foreignSet = known;
        }
        return known;
    }

    /** Ends the waits for a number that is not ours. */
    public void forgetForeign(int number) {
        ForeignSet known = foreignSet;
        if (known != null && !ended) {
            perform(
                    DirectOperation.of(
                            "forget",
                            (errno, none) -> {
                                known.forget(number);
                                return 0;
                            }));
        }
    }

    /** On the loop: asks that a pending operation end. */
    void cancel(Operation operation) {
        if (operation.isOnWorker()) {
            workers.cancel(operation);
        } else {
            operation.cancelIn(backend);
        }
    }

    /** On the loop: what was begun has ended. */
    public void ended(boolean remote) {
        inFlight--;
        activity -= remote ? 1 : 0;
    }

    // ---- turning

    /** On the loop: something lives that keeps the loop running. */
    public void activityBegins() {
        activity++;
    }

    public void activityEnds() {
        activity--;
    }

    /** Turns until nothing is left that keeps the loop running, or {@link #abandonRest}. */
    public void run() {
        enterThread();
        while (keepsRunning()) {
            turn(FOR_EVER);
        }
    }

    /** The current thread turns it from now on: which engine it turned before. */
    @Nullable Engine enterThread() {
        thread = Thread.currentThread();
        return Carriers.enter(thread, this);
    }

    /** Nobody turns it, and nothing is on the loop. */
    void leaveThread(@Nullable Engine before) {
        Carriers.leave(thread, this, before);
        thread = NOBODY;
    }

    boolean keepsRunning() {
        return phase == Phase.RUNNING && (activity > 0 || !inbox.isEmpty());
    }

    /** On the loop: it is to end, whatever still lives. */
    public void abandonRest() {
        phase = Phase.ABANDONED;
    }

    /** Whether a loop turns on the calling platform thread. */
    public static boolean turnsHere() {
        return Carriers.turnsOn(Thread.currentThread());
    }

    /**
     * One turn: what others want, timers, fibers, and a look at the kernel that waits if nothing
     * else is to be done, up to {@code longest} nanoseconds.
     */
    void turn(long longest) {
        turns++;
        takeInbox();
        time.expire();
        ready.runBatch();
        if (phase == Phase.DRAINING ? inFlight == 0 : !keepsRunning()) {
            return;
        }
        long limit = LoopTime.sooner(hooks.prepare(), longest);
        long timeout = LoopTime.sooner(limit, ready.isEmpty() ? time.untilNext() : 0);
        if (timeout != 0 && !inbox.prepareToSleep()) {
            timeout = 0;
        }
        if (rest == null) {
            backend.turn(timeout);
        } else {
            rest(rest, timeout);
        }
        inbox.awake();
        Watchdog.loopWoke();
        hooks.check();
    }

    /** Whether a turn would do something at once. */
    boolean hasMore() {
        return !ready.isEmpty() || !inbox.isEmpty();
    }

    /** How long nothing is to be done, unless somebody puts something in, who wakes it then. */
    long restUntilNext() {
        return ready.isEmpty() && inbox.prepareToSleep() ? time.untilNext() : 0;
    }

    /** What is called in every turn. */
    public Hooks hooks() {
        return hooks;
    }

    private void rest(Rest outside, long timeout) {
        long before = inFlight;
        backend.turn(0);
        if (timeout != 0 && inFlight == before) {
            outside.await(timeout);
        }
    }

    /** How many fibers are ready, as far as another thread can tell. */
    public int readyCount() {
        return ready.size();
    }

    long switches() {
        return ready.switches();
    }

    /** Moves whenever a fiber comes to the thread. Any thread. */
    long progress() {
        return ready.progress();
    }

    /** The thread that last called the library on the loop. */
    Thread lastSeen() {
        Strand caller = ready.lastSeen();
        return caller == null ? thread : caller.thread();
    }

    void seen(Strand caller) {
        ready.seen(caller);
    }

    /** When the last turn began: the clock for what needs no better one. */
    long turnedAt() {
        return time.turnedAt();
    }

    public long turns() {
        return turns;
    }

    public long switchCount() {
        return ready.switches();
    }

    public long timersExpired() {
        return time.timers().expiredCount();
    }

    public long inFlight() {
        return inFlight;
    }

    public boolean isResting() {
        return inbox.isSleeping();
    }

    // ---- the end

    /**
     * On the loop's thread, after {@link #run}: what is opened from now on has to be closed by
     * whoever opened it.
     */
    public void beginEnd() {
        phase = Phase.DRAINING;
    }

    /** Whether nobody looks for open descriptors any more. Any thread. */
    public boolean isEnding() {
        return phase == Phase.DRAINING;
    }

    /** After {@link #beginEnd}: waits for the kernel's last completions and frees everything. */
    public void close() {
        ForeignSet foreign = foreignSet;
        if (foreign != null) {
            foreign.endWaits();
        }
        while (inFlight > 0) {
            turn(FOR_EVER);
        }
        synchronized (this) {
            ended = true;
        }
        Runnable continuation = ready.poll();
        while (continuation != null) {
            AfterEnd.takes(continuation);
            continuation = ready.poll();
        }
        emptyInboxAfterEnd();
        AfterEnd.takesTimers(time.jdkTimers());
        workers.close();
        if (foreign != null) {
            foreign.close();
        }
        backend.close();
    }

    private void emptyInboxAfterEnd() {
        Object item = inbox.take();
        while (item != null) {
            AfterEnd.takes(item);
            item = inbox.take();
        }
    }

    /** The loop has nothing more to do with its thread, however it ended. */
    public void leaveThread() {
        leaveThread(null);
    }

    public boolean isEnded() {
        return ended;
    }
}
