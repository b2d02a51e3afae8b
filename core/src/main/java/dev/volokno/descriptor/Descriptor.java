package dev.volokno.descriptor;

import dev.volokno.backend.Backend;
import dev.volokno.backend.DirectOperation;
import dev.volokno.backend.Handle;
import dev.volokno.backend.Kernel;
import dev.volokno.backend.Operation;
import dev.volokno.backend.PollOperation;
import dev.volokno.descriptor.Turns.Direction;
import dev.volokno.engine.Cell;
import dev.volokno.engine.Engine;
import dev.volokno.engine.LoopTask;
import dev.volokno.engine.Polled;
import dev.volokno.engine.Strand;
import dev.volokno.engine.Use;
import dev.volokno.linux.Errno;
import dev.volokno.linux.Unistd;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.util.function.IntFunction;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A descriptor that the library owns: its number, its loop, and its life. {@link #close} refuses
 * new calls, ends those in progress, and the last user out closes the number, once. No call can
 * meet a number that has been given to another file.
 */
public final class Descriptor implements Polled {
    private final Handle handle;
    private final Kind kind;
    private final String birthplace;
    private final Turns turns = new Turns(this::closeNumber);

    private IntSupplier buffered = () -> 0;
    private volatile Engine engine;
    private volatile @Nullable Cell closer;
    private volatile long closeResult;

    /** What is done right before close(2), on the same thread. */
    private volatile DirectOperation.@Nullable Call lastCall;

    /** Loop thread; made by the first attempt. */
    private @Nullable MemorySegment errno;

    private Descriptor(Engine engine, int number, Kind kind, Object path) {
        this.engine = engine;
        this.kind = kind;
        handle = new Handle(number, kind.shortMeansDrained());
        handle.named(path);
        birthplace = Birthplace.here();
        if (!kind.isSocket()) {
            handle.keepsPriority();
        }
        if (kind == Kind.PTY_MASTER) {
            handle.fullWhenHungUp();
        }
    }

    /**
     * Takes over a number that was opened for the library a moment ago; {@code path} says in
     * messages what it is. If the loop is ending, it is closed at once: the loop does not look for
     * it any more, and a fiber that was abandoned in the opening may not close it either.
     */
    public static Descriptor opened(Engine engine, int number, Kind kind, Object path) {
        var descriptor = new Descriptor(engine, number, kind, path);
        Owned.add(descriptor);
        if (engine.isEnding()) {
            descriptor.closeAtEnd();
        }
        return descriptor;
    }

    /**
     * Takes over a number that somebody else opened.
     *
     * @throws IllegalStateException if the library owns it already
     */
    public static Descriptor adopted(Engine engine, int number, Kind kind, Object path) {
        var descriptor = new Descriptor(engine, number, kind, path);
        Owned.addNew(descriptor);
        return descriptor;
    }

    public int number() {
        return handle.number();
    }

    public Handle handle() {
        return handle;
    }

    public Kind kind() {
        return kind;
    }

    public boolean isSocket() {
        return kind.isSocket();
    }

    @Override
    public Engine engine() {
        return engine;
    }

    public String birthplace() {
        return birthplace;
    }

    @Override
    public boolean isOpen() {
        return !turns.isClosed();
    }

    // ---- use

    /**
     * Comes in as the one reader or writer, in the order of arrival; {@link #leave(Direction)} must
     * follow.
     */
    public void enter(Direction direction) throws ClosedChannelException {
        turns.enter(direction);
    }

    public boolean tryEnter(Direction direction) throws ClosedChannelException {
        return turns.tryEnter(direction);
    }

    public void leave(Direction direction) {
        turns.leave(direction);
    }

    /** What every call does that may wait, in one that need not even ask the kernel. */
    public static void passBy() {
        Strand caller = Strand.current();
        caller.checkpoint();
        caller.letOthersRun();
    }

    /** Comes in as one of many; {@link #leave()} must follow. */
    @Override
    public void enter() throws ClosedChannelException {
        turns.enter();
    }

    @Override
    public void leave() {
        turns.leave();
    }

    /**
     * Carries out an operation for a user who is in: the result, not negative.
     *
     * @throws IOException naming the call, the errno and this descriptor
     */
    public long perform(Operation operation) throws IOException {
        return check(operation, engine.perform(operation));
    }

    /** Carries out a read for the one reader: how many bytes, 0 at the end. */
    public long read(Operation read) throws IOException {
        return check(read, kind.meaningOfRead(engine.perform(read)));
    }

    /** Makes an operation's call once, on the calling thread, whatever it answers. */
    public long attempt(Operation operation) {
        if (engine.onLoop()) {
            long instead = engine.instead(operation, false);
            return instead == Backend.PENDING ? operation.attempt(ownErrno()) : instead;
        }
        try (Arena arena = Arena.ofConfined()) {
            return operation.attempt(Kernel.newErrno(arena));
        }
    }

    /** On the loop: room that lasts, since a callback may attempt something at each event. */
    private MemorySegment ownErrno() {
        MemorySegment known = errno;
        if (known == null) {
            known = Kernel.newErrno(Arena.ofAuto());
            errno = known;
        }
        return known;
    }

    /** Whether a wait for it is possible at all. */
    public boolean isPollable() throws IOException {
        return call("epoll_ctl", (errno, number) -> Pollability.ask(errno, number) ? 1 : 0) == 1;
    }

    /** Comes in for the time of {@code body}, which gets the number. */
    public <T> T use(IntFunction<T> body) throws IOException {
        Strand strand = Strand.current();
        Use outer = strand.use();
        enter();
        strand.use(new Use(this, outer));
        try {
            return body.apply(number());
        } finally {
            strand.use(outer);
            leave();
        }
    }

    /** Comes in, carries out one operation, and leaves. */
    public long performAlone(Operation operation) throws IOException {
        enter();
        try {
            return perform(operation);
        } finally {
            leave();
        }
    }

    /** Comes in, makes one call that needs no wait, and leaves: the result, not negative. */
    public long call(String name, DirectOperation.Call body) throws IOException {
        return performAlone(DirectOperation.on(handle, name, body));
    }

    /**
     * Like {@link #call}, for one that may block: on another thread. A cancelled caller leaves it
     * behind, so {@code body} uses no memory but what it keeps reachable itself; the number stays
     * open until it has ended.
     */
    public long blockingCall(String name, DirectOperation.Call body) throws IOException {
        enter();
        var operation = DirectOperation.abandonable(handle, name, body, late -> leave());
        try {
            return perform(operation);
        } finally {
            if (!operation.isLeftBehind()) {
                leave();
            }
        }
    }

    /** {@code result} if it is none of a failure; its exception if it is. */
    public long check(Operation operation, long result) throws IOException {
        if (result >= 0) {
            return result;
        }
        throwIfEnded(result, turns.isClosed());
        throw failure(operation, result);
    }

    @Override
    public IOException failure(Operation operation, long result) {
        return kind.failure(operation.call(), result, toString());
    }

    @Override
    public Operation poll(int events) {
        return new PollOperation(handle, events);
    }

    @Override
    public void keep(int events) {
        handle.keep(events);
    }

    /** Throws what a wait throws that was ended from outside, rather than by the kernel. */
    public static void throwIfEnded(long result, boolean closed) throws IOException {
        if (Errno.ECANCELED.is(result)) {
            Strand strand = Strand.current();
            if (!closed) {
                throw strand.cancelled(0);
            }
            strand.keepInterrupt();
            throw new AsynchronousCloseException();
        }
        if (result == Engine.ENDED) {
            throw new ClosedChannelException();
        }
    }

    /** Tells how many bytes its stream has read and not given to anybody; before its first use. */
    public void buffersIn(IntSupplier count) {
        buffered = count;
    }

    /** How many bytes its stream has left over. */
    @Override
    public int buffered() {
        return buffered.getAsInt();
    }

    // ---- the end

    /**
     * Has {@code call} made right before close(2), whoever closes; it may block if the kind's close
     * does.
     */
    public void beforeClose(DirectOperation.Call call) {
        lastCall = call;
    }

    /**
     * Closes the number. Waiters get {@link AsynchronousCloseException}; returns when close(2) was
     * made, which waits for users to leave, but not for calls that were left behind. A second call
     * returns at once.
     *
     * @throws IOException if close(2) reported that earlier output is lost; the number is free all
     *     the same
     */
    public void close() throws IOException {
        if (!turns.close()) {
            return;
        }
        Strand strand = Strand.current();
        var cell = new Cell(strand.thread(), "the last user of", this);
        closer = cell;
        engine.execute(new EndOperations());
        boolean before = strand.shield();
        try {
            turns.leave();
            if (Use.includes(strand.use(), this)) {
                // The caller itself will be the last to leave.
                return;
            }
            if (!strand.mayWait() || (engine.onLoop() && !Thread.currentThread().isVirtual())) {
                // The loop itself cannot wait; the last user closes the number.
                return;
            }
            if (engine.workers().isLeftBehindOn(handle)) {
                // Nobody waits for what the kernel does not end; it closes the number when it does.
                return;
            }
            strand.await(cell);
        } finally {
            strand.unshield(before);
        }
        if (closeResult < 0 && !Errno.EINTR.is(closeResult)) {
            throw Kernel.failure("close", closeResult, toString());
        }
    }

    /**
     * On the loop, which is ending: closes what nobody has closed. Whoever is still inside is sent
     * away.
     */
    public void closeAtEnd() {
        if (turns.close()) {
            new EndOperations().runOnLoop();
            turns.leave();
        }
    }

    /** On the loop: nothing begins on this descriptor any more, and what has begun is cancelled. */
    private final class EndOperations implements LoopTask {
        @Override
        public void runOnLoop() {
            handle.beginClosing();
            Operation operation = handle.first();
            while (operation != null) {
                // Before the cancellation, which may take it out of the list at once.
                Operation next = operation.nextOnHandle();
                engine.backend().cancel(operation);
                operation = next;
            }
        }

        @Override
        public void abandoned() {
            // The loop ended and closed everything it owned.
        }
    }

    /** The last user has left a closed descriptor. */
    private void closeNumber() {
        Owned.remove(this);
        if (engine.isEnded()) {
            try (Arena arena = Arena.ofConfined()) {
                closed(closeHere(Kernel.newErrno(arena)));
            }
            return;
        }
        engine.execute(new CloseNumber());
    }

    /**
     * On the loop, because the backend has to forget the number before another file can have it.
     */
    private final class CloseNumber implements LoopTask {
        @Override
        public void runOnLoop() {
            engine.backend().forget(handle);
            if (kind.closeBlocks()) {
                engine.workers()
                        .call(kind.pool(), Descriptor.this::closeHere, Descriptor.this::closed);
            } else {
                closed(engine.callHere(Descriptor.this::closeHere));
            }
        }

        @Override
        public void abandoned() {
            closeNumber();
        }
    }

    private long closeHere(MemorySegment errno) {
        DirectOperation.@Nullable Call last = lastCall;
        if (last != null) {
            last.make(errno, number());
        }
        return Unistd.close(errno, number());
    }

    private void closed(long result) {
        closeResult = result;
        Cell waiting = closer;
        if (waiting != null) {
            // The cleaner of an Fd holds this; who closed it may hold the Fd, and would never go.
            closer = null;
            waiting.fill();
        }
    }

    /**
     * Gives up ownership: the caller has the number now.
     *
     * @throws IllegalStateException if a call is in progress, or bytes are left over
     */
    public int release() throws IOException {
        int left = buffered.getAsInt();
        if (left > 0 && isOpen()) {
            throw new IllegalStateException(
                    this + " has " + left + " bytes left over: drainBuffered() takes them out");
        }
        if (!turns.closeIfUnused()) {
            throw new IllegalStateException(this + (isOpen() ? " is in use" : " is closed"));
        }
        Owned.remove(this);
        Strand strand = Strand.current();
        // The number must reach the caller: nobody else knows it any more.
        boolean before = strand.shield();
        try {
            engine.perform(
                    DirectOperation.of(
                            "release",
                            (errno, none) -> {
                                engine.backend().forget(handle);
                                return 0;
                            }));
        } finally {
            strand.unshield(before);
        }
        return number();
    }

    /**
     * Makes {@code next} the loop that answers for this descriptor.
     *
     * @throws IllegalStateException if a call is in progress
     */
    public void moveTo(Engine next) throws IOException {
        if (next.isEnded()) {
            throw new IllegalStateException("the loop has ended");
        }
        if (!turns.tryEnterAlone()) {
            throw new IllegalStateException(this + (isOpen() ? " is in use" : " is closed"));
        }
        try {
            Engine before = engine;
            before.perform(
                    DirectOperation.of(
                            "move",
                            (errno, none) -> {
                                before.backend().forget(handle);
                                handle.reset();
                                return 0;
                            }));
            engine = next;
        } finally {
            turns.leave(Direction.READ);
            turns.leave(Direction.WRITE);
        }
    }

    @Override
    public String toString() {
        return handle.toString();
    }
}
