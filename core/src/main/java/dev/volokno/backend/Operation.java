package dev.volokno.backend;

import dev.volokno.linux.Errno;
import dev.volokno.linux.Poll;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * One kernel request, with several faces of which a backend chooses one: a call that does not block
 * ({@link #attempt}), the readiness to wait for before the next attempt ({@link #readiness}), an
 * entry for a ring ({@link #encode}), and a call that may block, made on another thread ({@link
 * #callBlocking}). Where a face is missing, the backend walks down to the next.
 *
 * <p>An object may be used again after its completion. All but construction happens on the loop's
 * thread.
 */
public abstract class Operation {
    /** No transfer of Linux is longer (read(2)). */
    static final int LONGEST_TRANSFER = 0x7ffff000;

    static final long WOULD_BLOCK = -Errno.EAGAIN.number();

    final @Nullable Handle handle;

    @Nullable Operation previous;
    @Nullable Operation next;

    /** Where a ring keeps it while the kernel has it; -1 else. */
    int slot = -1;

    /** The turn in which the ring gave it to the kernel. */
    long submittedIn;

    /** The ring waits for readiness on its behalf. */
    boolean polling;

    boolean cancelRequested;

    private boolean onWorker;
    private @Nullable Completion completion;

    /** Its waiter has gone on without it. */
    private boolean leftBehind;

    protected Operation(@Nullable Handle handle) {
        this.handle = handle;
    }

    /** The system call, as its manual page is named. */
    public abstract String call();

    /** Makes the call without blocking; {@code -EAGAIN} if it has to wait. */
    public abstract long attempt(MemorySegment errno);

    /** {@link #attempt}, and again whenever a signal has interrupted the call (signal(7)). */
    public final long attemptWhole(MemorySegment errno) {
        long result = attempt(errno);
        while (Errno.EINTR.is(result)) {
            result = attempt(errno);
        }
        return result;
    }

    /**
     * The poll(2) events one of which must be there before another attempt makes sense; 0 if it
     * never waits.
     */
    public int readiness() {
        return 0;
    }

    /** Begins it: its result if it is there at once, else {@link Backend#PENDING}. */
    public long submitTo(Backend backend) {
        return backend.submit(this);
    }

    /** Asks that it end, if it is pending. */
    public void cancelIn(Backend backend) {
        backend.cancel(this);
    }

    /** Whether the request, as it stands, has a face for a ring. */
    boolean encodable() {
        return false;
    }

    /** Fills a cleared submission entry. */
    void encode(long entry) {
        throw new AssertionError(this + " has no face for a ring");
    }

    /** Whether a ring's request gives work to a device, which then works beside the fibers. */
    boolean isForDevice() {
        return false;
    }

    /** What remains to do with a ring's result, on the way to the completion. */
    long received(long result) {
        return result;
    }

    /** Whether the kernel is to be asked even if nothing has happened since the last answer. */
    boolean alwaysAsks() {
        return false;
    }

    /** How many bytes were asked for: fewer is a short transfer. */
    public long requested() {
        return 0;
    }

    /** Asks for no more than {@code longest} bytes this time, as the kernel may do by itself. */
    public void shorten(int longest) {}

    /** Whether the call may block and has to run on another thread. */
    public boolean blocks() {
        return false;
    }

    /**
     * Whether it has a completion without a readiness: where an attempt would block and no ring
     * takes it over, {@link #callBlocking} is made on another thread.
     */
    public boolean offloads() {
        return false;
    }

    /** Whether its result is there at once, always. */
    public final boolean neverWaits() {
        return readiness() == 0 && !offloads() && !blocks();
    }

    /** Makes the call on another thread, where it may block. */
    public long callBlocking(MemorySegment errno) {
        return attemptWhole(errno);
    }

    /** Whether it concerns a descriptor that may let it wait. */
    public final boolean mayWait() {
        return handle != null && (readiness() != 0 || offloads());
    }

    /** Which threads make a call that may block. */
    public Pool pool() {
        return Pool.DEVICES;
    }

    /** Whether {@code result} is the answer of an attempt or a ring that leaves it to a thread. */
    public final boolean isLeftToWorker(long result) {
        return offloads() && !onWorker && wouldBlock(result);
    }

    /** From now on another thread makes the call, and the backend has nothing to do with it. */
    public final void onWorker() {
        onWorker = true;
    }

    public final boolean isOnWorker() {
        return onWorker;
    }

    /**
     * Whether its waiter may go on without it when it cannot be ended: it uses memory of its own,
     * and keeps what it needs until {@link #endedUnawaited}.
     */
    public boolean canBeLeftBehind() {
        return false;
    }

    /**
     * It has ended, and nobody waits for {@code result} any more. On the loop's thread, or on any
     * after the loop's end.
     */
    protected void endedUnawaited(long result) {}

    /** The next pending operation of the same descriptor. */
    public final @Nullable Operation nextOnHandle() {
        return next;
    }

    /** Whether its descriptor is being closed. */
    public final boolean comesTooLate() {
        return handle != null && handle.closing;
    }

    /** Names who waits from now on, until {@link #complete} or {@link #answered}. */
    public final void awaitedBy(Completion waiter) {
        completion = waiter;
        cancelRequested = false;
        onWorker = false;
    }

    /** The result was there at once: nobody waits. */
    public final void answered() {
        completion = null;
    }

    /** Tells its waiter that it was cancelled, although it goes on. */
    public final void leaveBehind() {
        leftBehind = true;
        Completion waiter = completion;
        assert waiter != null : this;
        completion = null;
        waiter.completed(this, -Errno.ECANCELED.number());
    }

    /** Whether its waiter has gone on without it, be it that it has ended since. */
    public final boolean isLeftBehind() {
        return leftBehind;
    }

    /** Ends the operation for whoever waits for it. */
    public final void complete(long result) {
        if (leftBehind) {
            endedUnawaited(result);
            return;
        }
        Completion waiter = completion;
        assert waiter != null : this + " completed twice";
        completion = null;
        waiter.completed(this, result);
    }

    /** Puts another one in the place of who waits, and tells who that was. */
    final Completion interpose(Completion instead) {
        Completion waiter = completion;
        assert waiter != null : this;
        completion = instead;
        return waiter;
    }

    /** The descriptor it concerns, if any. */
    public final @Nullable Handle handle() {
        return handle;
    }

    public final boolean pending() {
        return completion != null;
    }

    final int number() {
        Handle on = handle;
        assert on != null;
        return on.number;
    }

    /**
     * Whether the call cannot block now. It can on a description that is shared with other
     * processes and that we must not make non-blocking; there the kernel is asked first.
     */
    final boolean mayCall(MemorySegment errno) {
        Handle on = handle;
        assert on != null;
        return !on.shared || Poll.now(errno, Kernel.scratch(errno), on.number, readiness()) != 0;
    }

    /** A write's result, which is EIO if it would wait for room that will never be. */
    final long hungUp(MemorySegment errno, long result) {
        Handle on = handle;
        boolean never =
                wouldBlock(result)
                        && on != null
                        && on.fullWhenHungUp
                        && (Poll.now(errno, Kernel.scratch(errno), on.number, 0) & Poll.POLLHUP)
                                != 0;
        return never ? -Errno.EIO.number() : result;
    }

    static boolean wouldBlock(long result) {
        return Errno.EAGAIN.is(result);
    }

    @Override
    public String toString() {
        return handle == null ? call() : call() + " on " + handle;
    }
}
