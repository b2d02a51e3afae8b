package dev.volokno.loop;

import dev.volokno.engine.Bound;
import dev.volokno.engine.Embedding;
import dev.volokno.engine.Engine;
import dev.volokno.fiber.ScopePolicy;
import java.io.IOException;
import java.time.Duration;

/**
 * A loop without a thread of its own: another event loop drives it, from one of its callbacks or
 * whenever it likes. It watches {@link #fd} for reading, level-triggered, and calls {@link #step}
 * when that is readable. The loop behind it is as one of {@link Loop#start}.
 *
 * {@snippet :
 * EmbeddedLoop ours = Loop.embedded();
 * theirs.whenReadable(ours.fd(), () -> ours.step(Duration.ZERO));
 * ours.loop().submit(() -> serve(listener));
 * theirs.run();
 * ours.close();
 * }
 *
 * <p>The thread that opens it drives it to its end: it alone calls {@link #step} and {@link
 * #close}. Between two steps it is outside of the loop like any other thread, and must not wait for
 * it, for then nobody would drive: such calls are refused.
 */
public final class EmbeddedLoop implements AutoCloseable {
    private static final System.Logger LOGGER = System.getLogger("dev.volokno");
    private static final Duration CLOSE_GRACE = Duration.ofSeconds(5);

    private final LoopRun run;
    private final Loop loop;
    private final Embedding embedding;
    private boolean ended;

    private EmbeddedLoop(LoopRun run, Loop loop, Embedding embedding) {
        this.run = run;
        this.loop = loop;
        this.embedding = embedding;
    }

    static EmbeddedLoop open(LoopOptions options) throws IOException {
        if (options.isUnconfined()) {
            throw new IllegalArgumentException(
                    "an unconfined loop turns on a virtual thread, and is driven by nobody:"
                            + " Loop.start runs it beside any other loop");
        }
        if (Thread.currentThread().isVirtual()) {
            throw new IllegalStateException(
                    "an embedded loop is driven by a platform thread, and this is "
                            + Thread.currentThread());
        }
        var run =
                new LoopRun(
                        options,
                        ScopePolicy.supervise(LoopThread::report),
                        _ -> LoopThread.untilStopped());
        Loop loop = run.newConfined();
        var embedded = new EmbeddedLoop(run, loop, embed(loop.engine()));
        run.begin(loop);
        // The loop's own scope is there after its first turn.
        embedded.step(Duration.ZERO);
        return embedded;
    }

    private static Embedding embed(Engine engine) throws IOException {
        try {
            return new Embedding(engine);
        } catch (IOException e) {
            engine.close();
            throw e;
        }
    }

    /** The loop that is driven: fibers, callbacks, {@link Loop#stop}. */
    public Loop loop() {
        return loop;
    }

    /**
     * The number of a descriptor that is readable whenever a {@link #step} is due: something was
     * submitted from outside, a timer or a descriptor is ready, or more is left to do than one step
     * does. It is to be polled for reading, level-triggered (poll(2) or epoll(7)), and nothing
     * else; it is closed with the loop.
     *
     * @throws IllegalStateException if the loop has ended
     */
    public int fd() {
        refuseIfEnded();
        return embedding.number();
    }

    /**
     * Does what is to be done now: fibers, timers, callbacks, completions; for a bounded time if
     * there is always more. If there is nothing at first it waits up to {@code timeout} for
     * something. Under a loop that watches {@link #fd} that is zero.
     *
     * @return whether the loop goes on; false after {@link Loop#stop}, when all is closed
     * @throws IllegalStateException on another thread than the one that opened it, in one of the
     *     loop's own fibers or callbacks, or if it has ended
     */
    public boolean step(Duration timeout) {
        refuseOthers("stepped");
        refuseIfEnded();
        return step(Bound.nanos(timeout));
    }

    private boolean step(long longestNanos) {
        boolean goesOn = false;
        try {
            goesOn = embedding.step(longestNanos);
        } catch (Throwable t) {
            LOGGER.log(System.Logger.Level.ERROR, "an embedded loop has failed", t);
            loop.failed(t);
        }
        if (!goesOn) {
            ended = true;
            embedding.end(() -> run.end(loop));
        }
        return goesOn;
    }

    /**
     * Cancels every fiber and callback, drives the loop until they have ended, five seconds at
     * most, and closes its descriptors. Closing again does nothing.
     *
     * @throws IllegalStateException where {@link #step} throws it
     */
    @Override
    public void close() {
        refuseOthers("closed");
        if (ended) {
            return;
        }
        loop.stop(CLOSE_GRACE);
        boolean goesOn = true;
        while (goesOn) {
            goesOn = step(-1);
        }
    }

    private void refuseOthers(String what) {
        if (Thread.currentThread() != embedding.driver()) {
            throw new IllegalStateException(
                    "an embedded loop is "
                            + what
                            + " by the thread that opened it, "
                            + embedding.driver()
                            + ", outside of the loop; this is "
                            + Thread.currentThread());
        }
        if (embedding.isInStep()) {
            throw new IllegalStateException(
                    "an embedded loop is not " + what + " from inside of its own step");
        }
    }

    private void refuseIfEnded() {
        if (ended) {
            throw new IllegalStateException("the loop has ended");
        }
    }
}
