package dev.volokno.engine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Something of the user's that the loop itself calls when it is due, in turn with the fibers: first
 * come, first served, and in the same batches. It runs on the loop's own thread (on the virtual
 * thread that turns an unconfined loop), where nothing may wait.
 *
 * <pre>
 *   WAITING --due()--> DUE --run()--> call() --> WAITING again, or ended
 *   any     --end()--> ended: it is not called any more
 * </pre>
 */
public abstract class Callback implements Runnable {
    private static final String NAME = "a loop's callback";
    private static final Use INSIDE = new Use(NAME, null, false);

    private static final VarHandle ENDED;

    static {
        try {
            ENDED = MethodHandles.lookup().findVarHandle(Callback.class, "ended", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Engine engine;
    private volatile boolean ended;

    protected Callback(Engine engine) {
        this.engine = engine;
    }

    protected final Engine engine() {
        return engine;
    }

    // ---- what it is

    /** On the loop: calls the user, and waits for the next time. */
    protected abstract void call() throws Exception;

    /** On the loop: waits no more. Called once, after the end. */
    protected abstract void disarm();

    /** What a call threw, on the loop and before the end. */
    protected abstract void failed(Throwable thrown);

    /** It has ended. Any thread, once. */
    protected abstract void released();

    // ---- its life

    /** On the loop: what it waited for has come. */
    protected final void due() {
        engine.due(this);
    }

    @Override
    public final void run() {
        if (isEnded()) {
            return;
        }
        Strand loop = Strand.current();
        engine.seen(loop);
        Use outer = loop.use();
        loop.use(outer == null ? INSIDE : new Use(NAME, outer, false));
        try {
            call();
        } catch (Throwable t) {
            failed(t);
            end();
        } finally {
            loop.use(outer);
        }
    }

    /** Ends it, from any thread; a call in progress goes on to its end. */
    public final void end() {
        if (ENDED.compareAndSet(this, false, true)) {
            engine.execute(new Disarm());
            released();
        }
    }

    public final boolean isEnded() {
        return ended || engine.isEnded();
    }

    private final class Disarm implements LoopTask {
        @Override
        public void runOnLoop() {
            disarm();
        }

        @Override
        public void abandoned() {
            // The loop completes its operations before it ends, and has no timers after.
        }
    }
}
