package dev.volokno.engine;

import dev.volokno.backend.Completion;
import dev.volokno.backend.Operation;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A strand's wait for an operation of the kernel's, one after the other in the same object. It
 * begins, is cancelled and ends on the thread of the loop that drives it; as a timer it is that
 * wait's deadline.
 */
final class KernelWait extends Timer implements Completion {
    private static final VarHandle DONE;

    static {
        try {
            DONE = MethodHandles.lookup().findVarHandle(KernelWait.class, "done", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Strand strand;

    // The driving loop's thread.
    private @Nullable Operation operation;
    private @Nullable Engine driving;
    private boolean fromElsewhere;
    private long since;

    // Written by the driving loop, read by the strand: done last and with release, read first and
    // with acquire.
    private long result;
    private boolean done;

    KernelWait(Strand strand) {
        this.strand = strand;
    }

    /** The operation is the kernel's now. */
    void begin(Engine engine, Operation begun, boolean elsewhere) {
        operation = begun;
        driving = engine;
        fromElsewhere = elsewhere;
        since = engine.turnedAt();
        Bound around = strand.bound();
        if (around != null && around.timed()) {
            engine.timers().arm(this, around.deadlineBy(engine));
        }
    }

    @Override
    public void completed(Operation completed, long answer) {
        Engine engine = driving;
        assert engine != null;
        assert completed == operation;
        if (completed.isLeftToWorker(answer)) {
            completed.awaitedBy(this);
            engine.workers().start(completed);
            return;
        }
        engine.ended(fromElsewhere);
        engine.timers().cancel(this);
        operation = null;
        driving = null;
        finish(answer);
    }

    /** The answer is there; the strand may go on. */
    void finish(long answer) {
        result = answer;
        DONE.setRelease(this, true);
        LockSupport.unpark(strand.thread());
    }

    /** On the loop of {@code engine}: ends the wait; false if that loop does not drive it now. */
    boolean cancel(Engine engine) {
        Operation waitedFor = operation;
        if (driving != engine || waitedFor == null) {
            return false;
        }
        engine.cancel(waitedFor);
        return true;
    }

    /** The strand: whether the answer is there. */
    boolean isDone() {
        return (boolean) DONE.getAcquire(this);
    }

    /** The strand: takes the answer that is there. */
    long take() {
        done = false;
        return result;
    }

    /** The wait in words, for any thread. */
    String tell(long now) {
        Operation waitedFor = operation;
        return waitedFor == null
                ? "waits for its loop"
                : "waits for " + waitedFor + " since " + Age.seconds(now - since);
    }

    @Override
    protected void expired() {
        Engine engine = driving;
        if (engine != null && !strand.isShielded()) {
            cancel(engine);
        }
    }
}
