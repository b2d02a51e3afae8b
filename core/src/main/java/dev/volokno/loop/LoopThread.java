package dev.volokno.loop;

import dev.volokno.engine.Cell;
import dev.volokno.engine.Strand;
import dev.volokno.fiber.ScopePolicy;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** A thread that runs a loop until the loop is stopped. */
final class LoopThread implements Runnable {
    private static final System.Logger LOGGER = System.getLogger("dev.volokno");

    private final LoopOptions options;
    private final CountDownLatch started = new CountDownLatch(1);
    private volatile @Nullable Loop loop;
    private volatile @Nullable Throwable failure;

    private LoopThread(LoopOptions options) {
        this.options = options;
    }

    /** Starts a loop: it runs when this returns. */
    static Loop start(LoopOptions options) {
        var thread = new LoopThread(options);
        Thread.ofPlatform().name("volokno-loop").start(thread);
        Waiting.uninterruptibly(thread.started);
        Loop running = thread.loop;
        if (running == null) {
            throw new IllegalStateException("the loop did not start", thread.failure);
        }
        return running;
    }

    @Override
    public void run() {
        try {
            new LoopRun(options, ScopePolicy.supervise(LoopThread::report), this::started).run();
        } catch (Throwable t) {
            failure = t;
            Loop running = loop;
            if (running != null && !running.isStopped()) {
                LOGGER.log(System.Logger.Level.ERROR, "a started loop has failed", t);
            }
        } finally {
            started.countDown();
        }
    }

    static void report(Throwable failure) {
        LOGGER.log(System.Logger.Level.ERROR, "a fiber that nobody waits for has failed", failure);
    }

    private void started(Loop running) {
        loop = running;
        started.countDown();
        untilStopped();
    }

    static void untilStopped() {
        // Stopping cancels this wait; nobody fills the cell.
        Strand.current().await(new Cell(Thread.currentThread(), "the end of", "the loop"));
    }
}
