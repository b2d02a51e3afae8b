package dev.volokno.loop;

import dev.volokno.backend.Backend;
import dev.volokno.backend.Backends;
import dev.volokno.backend.EpollBackend;
import dev.volokno.backend.Sentry;
import dev.volokno.backend.UringBackend;
import dev.volokno.descriptor.Descriptor;
import dev.volokno.descriptor.Owned;
import dev.volokno.engine.Bound;
import dev.volokno.engine.Cell;
import dev.volokno.engine.Engine;
import dev.volokno.engine.LoopTask;
import dev.volokno.engine.SentryRest;
import dev.volokno.engine.Strand;
import dev.volokno.engine.Timer;
import dev.volokno.engine.VirtualThreads;
import dev.volokno.engine.Watchdog;
import dev.volokno.fiber.Action;
import dev.volokno.fiber.Fiber;
import dev.volokno.fiber.Scope;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
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

    private final Engine engine;
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile @Nullable Scope root;
    private volatile @Nullable Throwable failure;

    private Loop(Engine engine) {
        this.engine = engine;
        engine.owner(this);
    }

    // ---- running

    /**
     * Runs {@code body} as the first fiber of a new loop on the calling thread, and returns when it
     * and all fibers it led to have ended. Descriptors that are still open then are closed.
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
        open(
                options,
                (loop, rest) ->
                        loop.turn(
                                options,
                                rest,
                                scope -> {
                                    body.run();
                                    return true;
                                }));
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

    private interface Opened {
        void use(Loop loop, @Nullable SentryRest rest) throws Exception;
    }

    private static void open(LoopOptions options, Opened opened) throws Exception {
        if (!options.isUnconfined()) {
            if (!VirtualThreads.schedulable()) {
                throw new IllegalStateException(VirtualThreads.SHUT);
            }
            opened.use(new Loop(Engine.confined(openBackend(options.backend()))), null);
            return;
        }
        if (options.backend().equals("io_uring")) {
            throw new IllegalArgumentException(
                    "an unconfined loop waits by epoll, not by io_uring");
        }
        var backend = new EpollBackend();
        var sentry = new Sentry(backend);
        var rest = new SentryRest(sentry);
        var loop = new Loop(Engine.unconfined(backend, rest));
        // The loop turns on a virtual thread of its own; the platform thread only watches the epoll
        // set for it.
        Thread driver =
                Thread.ofVirtual()
                        .name("volokno-loop")
                        .unstarted(() -> {
                            try {
                                opened.use(loop, rest);
                            } catch (Throwable t) {
                                loop.failure = t;
                            } finally {
                                sentry.dismiss();
                            }
                        });
        rest.sleeper(driver);
        driver.start();
        rest.watch();
        sentry.close();
        loop.rethrowFailure();
    }

    private static Backend openBackend(String name) throws IOException {
        return switch (name) {
            case "io_uring" -> new UringBackend();
            case "epoll" -> new EpollBackend();
            default -> Backends.openBest();
        };
    }

    private void turn(LoopOptions options, @Nullable SentryRest rest, Scope.Body<?> body)
            throws Exception {
        watchForStalls(options);
        try {
            engine.activityBegins();
            Scope.launch(
                    engine,
                    scope -> {
                        root = scope;
                        return body.run(scope);
                    },
                    this::rootEnded);
            engine.run();
            closeDescriptors();
            engine.close();
        } finally {
            Watchdog.dismiss(engine);
            ended.countDown();
        }
        if (rest == null) {
            rethrowFailure();
        }
    }

    private void closeDescriptors() {
        for (Descriptor descriptor : Owned.of(engine)) {
            LOGGER.log(
                    System.Logger.Level.DEBUG,
                    () ->
                            descriptor
                                    + " was open at its loop's end; opened at "
                                    + descriptor.birthplace());
            descriptor.closeAtEnd();
        }
    }

    private void rootEnded(@Nullable Throwable thrown) {
        failure = thrown;
        engine.execute(new OnLoop(engine::activityEnds));
    }

    private void rethrowFailure() throws Exception {
        Throwable thrown = failure;
        if (thrown instanceof Error error) {
            throw error;
        }
        if (thrown != null) {
            throw (Exception) thrown;
        }
    }

    private void watchForStalls(LoopOptions options) {
        long threshold = Bound.nanos(options.stallThreshold());
        if (threshold > 0 && engine.isConfined()) {
            Consumer<StallReport> handler = options.stallHandler();
            Consumer<StallReport> report =
                    handler != null
                            ? handler
                            : stall -> LOGGER.log(System.Logger.Level.WARNING, stall.toString());
            Watchdog.watch(
                    engine,
                    threshold,
                    stall ->
                            report.accept(
                                    new StallReport(
                                            Duration.ofNanos(stall.nanos()),
                                            stall.culprit(),
                                            stall.stack())));
        }
    }

    // ---- several loops

    /** Starts a loop on a thread of its own, which lives until {@link #close}. */
    public static Loop start() {
        return start(LoopOptions.defaults());
    }

    /** Like {@link #start()}, with options. */
    public static Loop start(LoopOptions options) {
        var starter = new Starter(options);
        Thread.ofPlatform().name("volokno-loop").start(starter);
        return starter.await();
    }

    private static final class Starter implements Runnable {
        private final LoopOptions options;
        private final CountDownLatch started = new CountDownLatch(1);
        private volatile @Nullable Loop loop;
        private volatile @Nullable Throwable failure;

        Starter(LoopOptions options) {
            this.options = options;
        }

        @Override
        public void run() {
            try {
                open(
                        options,
                        (opened, rest) ->
                                opened.turn(
                                        options,
                                        rest,
                                        scope -> {
                                            loop = opened;
                                            started.countDown();
                                            // Until it is cancelled: nobody fills this cell.
                                            Strand.current()
                                                    .await(new Cell(Thread.currentThread()));
                                            return true;
                                        }));
            } catch (Throwable t) {
                failure = t;
                Loop running = loop;
                if (running != null && !running.stopped) {
                    LOGGER.log(System.Logger.Level.ERROR, "a started loop has failed", t);
                }
            } finally {
                started.countDown();
            }
        }

        Loop await() {
            boolean interrupted = false;
            while (started.getCount() > 0) {
                try {
                    started.await();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
            Loop running = loop;
            if (running == null) {
                throw new IllegalStateException("the loop did not start", failure);
            }
            return running;
        }
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
        return rootScope().fork(body);
    }

    /** Like {@link #submit(Callable)}, for a body without a result. */
    public Fiber<Void> submit(Action<? extends Exception> body) {
        return rootScope().fork(body);
    }

    private Scope rootScope() {
        Scope scope = root;
        if (scope == null) {
            throw new IllegalStateException("the loop has not begun");
        }
        return scope;
    }

    // ---- ending

    private volatile boolean stopped;

    /**
     * Cancels every fiber, waits for the kernel to give back what it was given, closes the loop's
     * descriptors and ends the loop. Fibers that have not ended after {@code grace} are left to run
     * elsewhere. Waits for the end, unless a fiber of this very loop calls it.
     */
    public void stop(Duration grace) {
        stopped = true;
        Scope scope = root;
        if (scope != null && ended.getCount() > 0) {
            engine.post(
                    new OnLoop(() -> {
                        scope.cancel();
                        engine.timers()
                                .arm(new GraceTimer(), System.nanoTime() + Bound.nanos(grace));
                    }));
        }
        if (!engine.onLoop() && Engine.current() != engine) {
            awaitEnd();
        }
    }

    private final class GraceTimer extends Timer {
        @Override
        protected void expired() {
            if (ended.getCount() > 0) {
                LOGGER.log(
                        System.Logger.Level.WARNING,
                        "the loop ends although some of its fibers have not");
                engine.abandonRest();
            }
        }
    }

    private void awaitEnd() {
        boolean interrupted = false;
        while (ended.getCount() > 0) {
            try {
                ended.await();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
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
                engine.timers().size());
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
