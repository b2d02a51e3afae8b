package dev.volokno.loop;

import dev.volokno.backend.Backend;
import dev.volokno.backend.Backends;
import dev.volokno.backend.EpollBackend;
import dev.volokno.backend.Sentry;
import dev.volokno.backend.UringBackend;
import dev.volokno.descriptor.Descriptor;
import dev.volokno.descriptor.Owned;
import dev.volokno.engine.Bound;
import dev.volokno.engine.Engine;
import dev.volokno.engine.SentryRest;
import dev.volokno.engine.VirtualThreads;
import dev.volokno.engine.Watchdog;
import dev.volokno.fiber.Scope;
import dev.volokno.fiber.ScopePolicy;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;

/** The life of one loop on the thread that calls it, from the backend's opening to its close. */
final class LoopRun {
    private static final System.Logger LOGGER = System.getLogger("dev.volokno");

    private final LoopOptions options;
    private final ScopePolicy policy;
    private final RootBody body;

    /** What runs in the loop's own scope, as its first fiber. */
    interface RootBody {
        void run(Loop loop) throws Exception;
    }

    LoopRun(LoopOptions options, ScopePolicy policy, RootBody body) {
        this.options = options;
        this.policy = policy;
        this.body = body;
    }

    /** Runs the loop to its end; throws its first failure. */
    void run() throws Exception {
        Loop loop = options.isUnconfined() ? runUnconfined() : runConfined();
        loop.rethrowFailure();
    }

    private Loop runConfined() throws IOException {
        var loop = newConfined();
        turn(loop);
        return loop;
    }

    /** A loop on the calling thread, to {@link #begin}. */
    Loop newConfined() throws IOException {
        if (!VirtualThreads.schedulable()) {
            throw new IllegalStateException(VirtualThreads.SHUT);
        }
        return new Loop(
                Engine.confined(
                        options.rigging().decoration().apply(openBackend()),
                        options.rigging().steering()),
                options);
    }

    private Backend openBackend() throws IOException {
        return switch (options.backend()) {
            case "io_uring" -> new UringBackend();
            case "epoll" -> new EpollBackend();
            default -> Backends.openBest();
        };
    }

    /**
     * The loop turns on a virtual thread of its own; this one only watches the epoll set for it.
     */
    private Loop runUnconfined() throws IOException {
        if (options.backend().equals("io_uring")) {
            throw new IllegalArgumentException(
                    "an unconfined loop waits by epoll, not by io_uring");
        }
        var backend = new EpollBackend();
        Sentry sentry = guarding(backend);
        var rest = new SentryRest(sentry);
        var loop = new Loop(Engine.unconfined(backend, rest), options);
        Thread driver =
                Thread.ofVirtual()
                        .name("volokno-loop")
                        .unstarted(() -> {
                            try {
                                turn(loop);
                            } catch (Throwable t) {
                                loop.failed(t);
                            } finally {
                                sentry.dismiss();
                            }
                        });
        rest.sleeper(driver);
        driver.start();
        rest.watch();
        sentry.close();
        return loop;
    }

    private static Sentry guarding(EpollBackend backend) throws IOException {
        try {
            return new Sentry(backend);
        } catch (IOException e) {
            backend.close();
            throw e;
        }
    }

    private void turn(Loop loop) {
        try {
            begin(loop);
            runThrough(loop);
        } finally {
            end(loop);
        }
    }

    /** Has the loop's first fiber run in its first turn; {@link #end} must follow. */
    void begin(Loop loop) {
        watchForStalls(loop.engine());
        loop.engine().activityBegins();
        Scope.launch(
                loop.engine(),
                policy,
                scope -> {
                    loop.begun(scope);
                    body.run(loop);
                    return true;
                },
                loop::rootEnded);
    }

    /** On the loop, when nothing keeps it running any more. */
    void end(Loop loop) {
        Engine engine = loop.engine();
        try {
            options.rigging().atEnd().accept(engine);
            engine.beginEnd();
            closeDescriptors(engine);
            tellLeftBehind(engine);
            engine.close();
        } finally {
            Watchdog.dismiss(engine);
            engine.leaveThread();
            loop.ended();
        }
    }

    /** A failure of the loop itself ends it like any other end: nobody is left waiting. */
    private static void runThrough(Loop loop) {
        try {
            loop.engine().run();
        } catch (Throwable t) {
            LOGGER.log(System.Logger.Level.ERROR, "a loop has failed", t);
            loop.failed(t);
        }
    }

    private void watchForStalls(Engine engine) {
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

    private static void tellLeftBehind(Engine engine) {
        if (!engine.workers().leftBehind().isEmpty()) {
            LOGGER.log(
                    System.Logger.Level.WARNING,
                    "a loop ends, and leaves behind what the kernel does not end: "
                            + engine.workers().leftBehind());
        }
    }

    private static void closeDescriptors(Engine engine) {
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
}
