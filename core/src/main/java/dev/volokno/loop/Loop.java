package dev.volokno.loop;

import dev.volokno.CancelledException;
import dev.volokno.engine.Bound;
import dev.volokno.engine.Engine;
import dev.volokno.engine.LoopTask;
import dev.volokno.engine.Polled;
import dev.volokno.engine.Strand;
import dev.volokno.engine.Timer;
import dev.volokno.fiber.Action;
import dev.volokno.fiber.Fiber;
import dev.volokno.fiber.Scope;
import dev.volokno.fiber.ScopePolicy;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An event loop: one platform thread on which fibers run and wait for descriptors, timers and each
 * other.
 *
 * {@snippet :
 * Loop.run(() -> {
 *     Fiber.start(() -> pump(port, socket));
 *     Fiber.start(() -> beat(socket));
 * }); // returns when nothing can happen any more
 * }
 *
 * <p>All methods may be called from any thread unless they say otherwise.
 */
public final class Loop implements AutoCloseable {
    private static final System.Logger LOGGER = System.getLogger("dev.volokno");
    private static final Duration CLOSE_GRACE = Duration.ofSeconds(5);
    private static final Duration DAEMONS_GRACE = Duration.ofMillis(100);

    private final Engine engine;
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile @Nullable Scope root;
    private volatile @Nullable Throwable failure;
    private volatile boolean stopped;
    private final Timer graceTimer = new GraceTimer();
    private final @Nullable Consumer<? super Throwable> callbackHandler;

    Loop(Engine engine, LoopOptions options) {
        this.engine = engine;
        callbackHandler = options.callbackHandler();
        engine.owner(this);
    }

    // ---- running

    /**
     * Runs {@code body} as the first fiber of a new loop on the calling thread, and returns when it
     * and all fibers it led to have ended, of themselves or because the loop was {@linkplain #stop
     * stopped}. Descriptors that are still open then are closed.
     *
     * @throws IllegalStateException on a virtual thread, inside a running loop, or where the flag
     *     that confined loops need was not given
     * @throws Exception the first failure of the body or a fiber; the others are cancelled for it
     */
    public static void run(Action<? extends Exception> body) throws Exception {
        run(LoopOptions.defaults(), body);
    }

    /** Like {@link #run(Action)}, with options. */
    public static void run(LoopOptions options, Action<? extends Exception> body) throws Exception {
        refuseNesting();
        new LoopRun(options, ScopePolicy.failFast(), loop -> body.run()).run();
    }

    private static void refuseNesting() {
        if (Thread.currentThread().isVirtual()) {
            throw new IllegalStateException(
                    "Loop.run needs a platform thread, and this is "
                            + Thread.currentThread()
                            + ": use Loop.start, or Fiber.start inside a loop");
        }
        if (Engine.turnsHere()) {
            throw new IllegalStateException("a loop runs on this thread already: use Fiber.start");
        }
    }

    // ---- several loops

    /**
     * Starts a loop on a thread of its own, which lives until {@link #close}. A fiber that fails
     * there ends nothing but itself: its failure goes to whoever {@linkplain Fiber#join joins} it,
     * and if nobody waits for that to the logger {@code dev.volokno}.
     *
     * @throws IllegalStateException if it cannot start; the cause says why
     */
    public static Loop start() {
        return start(LoopOptions.defaults());
    }

    /** Like {@link #start()}, with options. */
    public static Loop start(LoopOptions options) {
        return LoopThread.start(options);
    }

    /**
     * Makes a loop that another event loop drives, on the calling thread.
     *
     * @throws IllegalStateException on a virtual thread, or where the flag that confined loops need
     *     was not given
     */
    public static EmbeddedLoop embedded() throws IOException {
        return embedded(LoopOptions.defaults());
    }

    /**
     * Like {@link #embedded()}, with options.
     *
     * @throws IllegalArgumentException if they are for an unconfined loop
     */
    public static EmbeddedLoop embedded(LoopOptions options) throws IOException {
        return EmbeddedLoop.open(options);
    }

    /**
     * The loop whose fiber calls this.
     *
     * @throws IllegalStateException if no loop runs here
     */
    public static Loop current() {
        Engine engine = Engine.current();
        if (engine != null && engine.owner() instanceof Loop loop) {
            return loop;
        }
        throw new IllegalStateException(
                "no loop runs on " + Thread.currentThread() + ": call this inside Loop.run");
    }

    /**
     * Starts a fiber in the loop's own scope.
     *
     * @throws IllegalStateException if the loop has ended
     */
    public <T> Fiber<T> submit(Callable<T> body) {
        return rootScope().submit(body);
    }

    /** Like {@link #submit(Callable)}, for a body without a result. */
    public Fiber<Void> submit(Action<? extends Exception> body) {
        Objects.requireNonNull(body, "body");
        return submit(() -> {
            body.run();
            return (Void) null;
        });
    }

    /**
     * Starts a fiber in the loop's own scope that serves others while any live, and does not keep
     * the loop: when all that are no daemons have ended it is cancelled. From any thread.
     *
     * @throws IllegalStateException if the loop has ended
     */
    public Fiber<Void> daemon(Action<? extends Exception> body) {
        return rootScope().submitDaemon(body);
    }

    private Scope rootScope() {
        Scope scope = root;
        if (scope == null) {
            throw new IllegalStateException("the loop has not begun");
        }
        // Its scope may not have: fibers that did not obey stop() still run elsewhere.
        if (ended.getCount() == 0) {
            throw new IllegalStateException("the loop has ended");
        }
        return scope;
    }

    // ---- callbacks

    /**
     * Has the loop call {@code callback} whenever {@code fd} is ready, as poll(2) means it. What a
     * call returns is watched for next. Errors and hang-ups are told without being asked for; as
     * long as one holds, the callback is called again and again. Bytes that a stream has left over
     * count as readable. Closing the descriptor ends the watch, which otherwise keeps the loop and
     * the number until it is closed.
     *
     * <p>Calls are made on the loop's own thread, in turn with the fibers, and must not wait: a
     * call of this library that may is refused with {@link IllegalStateException}; a wait of the
     * JDK's stops the whole loop. What a callback throws ends its watch; it goes to the {@linkplain
     * LoopOptions#withCallbackHandler handler}, or else is what a fiber's failure would be.
     *
     * @throws java.nio.channels.ClosedChannelException if the descriptor is closed
     * @throws IllegalStateException if it belongs to another loop, or this one has ended
     */
    public Registration watch(Pollable fd, Conditions interest, WatchCallback callback)
            throws IOException {
        Objects.requireNonNull(callback, "callback");
        int events = interest.asked();
        Polled polled = fd.polled();
        if (polled.engine() != engine) {
            throw new IllegalStateException(fd + " belongs to another loop");
        }
        if (events == 0) {
            throw new IllegalArgumentException("nothing to watch for in " + interest);
        }
        Scope scope = rootScope();
        polled.enter();
        try {
            return new WatchedCallback(this, scope, polled, events, callback).begin();
        } catch (IOException | RuntimeException e) {
            polled.leave();
            throw e;
        }
    }

    /**
     * Has the loop call {@code callback} when {@code delay} is over, never before; and again after
     * what that returns. It keeps the loop until it ends. For what a callback may do see {@link
     * #watch}.
     *
     * @throws IllegalStateException if this loop has ended
     */
    public Registration after(Duration delay, TimerCallback callback) {
        Objects.requireNonNull(callback, "callback");
        return new TimedCallback(this, rootScope(), delay, callback).begin();
    }

    /**
     * Has another event loop run inside this one: {@code guest} is asked in every turn, before the
     * loop waits for the kernel and after. It is called like a callback of {@link #watch}, and
     * keeps the loop until it is closed.
     *
     * @throws IllegalStateException if this loop has ended, or goes by a test's time
     */
    public Registration host(Guest guest) {
        Objects.requireNonNull(guest, "guest");
        if (engine.isSteered()) {
            throw new IllegalStateException("a guest goes by real time, and a test loop does not");
        }
        return new HostedGuest(this, rootScope(), guest).begin();
    }

    /** What a callback throws is what a fiber's failure would be, unless somebody handles it. */
    void callbackFailed(Throwable thrown) {
        Throwable unhandled = thrown;
        if (callbackHandler != null) {
            try {
                callbackHandler.accept(thrown);
                return;
            } catch (Throwable t) {
                t.addSuppressed(thrown);
                unhandled = t;
            }
        }
        Throwable failure = unhandled;
        try {
            submit(() -> {
                throw rethrown(failure);
            });
        } catch (IllegalStateException ended) {
            LOGGER.log(
                    System.Logger.Level.ERROR, "a callback of an ended loop has failed", failure);
        }
    }

    // ---- its life, told by LoopRun

    void begun(Scope scope) {
        root = scope;
    }

    void rootEnded(@Nullable Throwable thrown) {
        // Being stopped is no failure; what the fibers did on the way out may be one.
        boolean onlyStopped = stopped && thrown instanceof CancelledException;
        if (!onlyStopped && failure == null) {
            failure = thrown;
        }
        engine.execute(
                new OnLoop(() -> {
                    engine.activityEnds();
                    engine.timers().cancel(graceTimer);
                    if (stopped) {
                        // Calls from elsewhere may be left; they end with their descriptors.
                        engine.abandonRest();
                    }
                }));
    }

    void failed(Throwable thrown) {
        failure = thrown;
    }

    void ended() {
        ended.countDown();
    }

    /** Throws the loop's failure, if any, with the frames of whoever ran the loop below its own. */
    void rethrowFailure() throws Exception {
        Throwable thrown = failure;
        if (thrown == null) {
            return;
        }
        StackTraceElement[] inFiber = thrown.getStackTrace();
        StackTraceElement[] here = new Throwable().getStackTrace();
        StackTraceElement[] both = Arrays.copyOf(inFiber, inFiber.length + here.length);
        System.arraycopy(here, 0, both, inFiber.length, here.length);
        thrown.setStackTrace(both);
        throw rethrown(thrown);
    }

    private static Exception rethrown(Throwable thrown) {
        if (thrown instanceof Error error) {
            throw error;
        }
        return thrown instanceof Exception exception ? exception : new ExecutionException(thrown);
    }

    boolean isStopped() {
        return stopped;
    }

    // ---- ending

    /**
     * Cancels every fiber, daemons after the others, waits for the kernel to give back what it was
     * given, closes the loop's descriptors and ends the loop. Fibers that have not ended after
     * {@code grace} are left to run elsewhere. Waits for the end, unless a fiber of this very loop
     * calls it, a callback, or the thread that drives it.
     */
    public void stop(Duration grace) {
        long graceNanos = Bound.nanos(grace);
        stopped = true;
        Scope scope = root;
        if (scope != null && ended.getCount() > 0) {
            engine.post(
                    new OnLoop(() -> {
                        scope.cancel();
                        engine.timers().cancel(graceTimer);
                        engine.timers().arm(graceTimer, engine.nanoTime() + graceNanos);
                    }));
        }
        if (!engine.onLoop() && Engine.current() != engine && Strand.current().mayWait()) {
            Waiting.uninterruptibly(ended);
        }
    }

    /** Those that have not ended are left, after their daemons had a moment to end. */
    private final class GraceTimer extends Timer {
        private boolean last;

        @Override
        protected void expired() {
            Scope scope = root;
            if (ended.getCount() == 0) {
                return;
            }
            if (!last && scope != null && scope.cancelDaemons()) {
                last = true;
                engine.timers().arm(this, engine.nanoTime() + DAEMONS_GRACE.toNanos());
                return;
            }
            LOGGER.log(
                    System.Logger.Level.WARNING,
                    "the loop ends although some of its fibers have not");
            engine.abandonRest();
        }
    }

    /** {@link #stop Stops} the loop with a grace of five seconds. */
    @Override
    public void close() {
        stop(CLOSE_GRACE);
    }

    // ---- what it is

    /** Whether fibers run on the loop's own thread, one at a time. */
    public boolean confined() {
        return engine.isConfined();
    }

    /** How it waits: {@code io_uring} or {@code epoll}. */
    public String backend() {
        return engine.backend().name();
    }

    /** Its counts; exact when asked by one of its own fibers. */
    public LoopStats stats() {
        return new LoopStats(
                engine.turns(),
                engine.switchCount(),
                engine.timersExpired(),
                engine.inFlight(),
                engine.timers().size(),
                engine.workers().leftBehind().size());
    }

    /**
     * The tree of scopes and fibers, a line each: name, age, and what it waits for and since when.
     * From any thread and without stopping the loop, also when it is stalled: what changes
     * meanwhile may be told as it was or as it is. A fiber is named by its {@link Fiber#thread}.
     */
    public String dump() {
        Scope scope = root;
        LoopStats now = stats();
        var out = new StringBuilder();
        out.append("loop, ")
                .append(backend())
                .append(confined() ? ", " : ", unconfined, ")
                .append(engine.isResting() ? "waiting for the kernel" : "running")
                .append("; operations in flight ")
                .append(now.pendingOperations())
                .append(", timers ")
                .append(now.armedTimers())
                .append(", ready fibers ")
                .append(engine.readyCount())
                .append(
                        engine.workers().leftBehind().isEmpty()
                                ? ""
                                : ", left behind " + engine.workers().leftBehind())
                .append('\n');
        if (scope != null && ended.getCount() > 0) {
            scope.openedBy().dump(out, "", engine.nanoTime());
        }
        return out.toString();
    }

    /**
     * The wall clock, as code that is to be tested asks for it: in a {@link
     * dev.volokno.testing.TestLoop} it goes by the loop's own time.
     */
    public Clock clock() {
        return engine.isSteered() ? new LoopClock(engine, ZoneOffset.UTC) : Clock.systemUTC();
    }

    /**
     * Hands the fibers to {@code visitor}.
     *
     * @hidden for {@link dev.volokno.testing.TestLoop} alone
     */
    public void visitFibers(Consumer<Fiber<?>> visitor) {
        Scope scope = root;
        if (scope != null) {
            scope.openedBy().visit(visitor);
        }
    }

    /**
     * The machinery behind it.
     *
     * @hidden for the descriptors of this module
     */
    @SuppressWarnings("exports") // nobody else can name the type
    public Engine engine() {
        return engine;
    }

    private record OnLoop(Runnable task) implements LoopTask {
        @Override
        public void runOnLoop() {
            task.run();
        }

        @Override
        public void abandoned() {
            // The loop has ended, which is all that was wanted.
        }
    }
}
