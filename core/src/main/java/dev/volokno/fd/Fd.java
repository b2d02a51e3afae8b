package dev.volokno.fd;

import dev.volokno.DeadlineException;
import dev.volokno.SystemCallException;
import dev.volokno.backend.Kernel;
import dev.volokno.backend.PollOperation;
import dev.volokno.descriptor.Descriptor;
import dev.volokno.descriptor.Kind;
import dev.volokno.descriptor.PathOpening;
import dev.volokno.engine.Engine;
import dev.volokno.engine.Polled;
import dev.volokno.fiber.Deadline;
import dev.volokno.fiber.Event;
import dev.volokno.fiber.Fiber;
import dev.volokno.linux.Fcntl;
import dev.volokno.linux.Poll;
import dev.volokno.loop.Loop;
import dev.volokno.loop.Pollable;
import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Cleaner;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.IntFunction;

/**
 * An open file descriptor and its owner. It belongs to the loop that opened or adopted it, until
 * {@link #moveTo}; any fiber and any thread may use it, and the calls of others are carried out by
 * that loop.
 *
 * <p>The number itself is reached only inside {@link #use}, during which it cannot be closed and
 * given to another file. An Fd that becomes unreachable without having been closed is reported to
 * the logger {@code dev.volokno}, with the place where it was opened; it is never closed behind
 * anyone's back.
 */
public final class Fd implements Closeable, Pollable {
    private static final Cleaner CLEANER = Cleaner.create();
    private static final System.Logger LOGGER = System.getLogger("dev.volokno");
    private static final int ADOPTED_NONBLOCKING = Fcntl.O_NONBLOCK;

    private static final Set<StandardOpenOption> BOTH =
            Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE);

    private final Descriptor descriptor;

    /**
     * Wraps what a kind has opened.
     *
     * @hidden for the kinds of this module
     */
    @SuppressWarnings("exports") // nobody else can name the type
    public Fd(Descriptor descriptor) {
        this.descriptor = descriptor;
        CLEANER.register(this, () -> reportIfOpen(descriptor));
    }

    private static void reportIfOpen(Descriptor lost) {
        if (lost.isOpen()) {
            LOGGER.log(
                    System.Logger.Level.WARNING,
                    () ->
                            lost
                                    + " became unreachable and was not closed; opened at "
                                    + lost.birthplace());
        }
    }

    /**
     * Opens what is at {@code path}, a device or a file of the kernel's as a rule, on the current
     * loop: non-blocking, close-on-exec, and never as the controlling terminal. Parks for the call.
     *
     * @param access {@code READ}, {@code WRITE} or both
     * @throws java.nio.file.NoSuchFileException if nothing is there, or no device behind what is
     * @throws java.nio.file.AccessDeniedException if it may not be opened
     */
    public static Fd open(Path path, StandardOpenOption... access) throws IOException {
        Set<StandardOpenOption> wanted = Set.of(access);
        if (wanted.isEmpty() || !BOTH.containsAll(wanted)) {
            throw new IllegalArgumentException("opened for READ, WRITE or both, not for " + wanted);
        }
        boolean writes = wanted.contains(StandardOpenOption.WRITE);
        int one = writes ? Fcntl.O_WRONLY : Fcntl.O_RDONLY;
        int flags = wanted.size() == 2 ? Fcntl.O_RDWR : one;
        Engine engine = Loop.current().engine();
        return new Fd(PathOpening.open(engine, path.toString(), flags, Kind.ANY));
    }

    /**
     * Takes over an open descriptor for the current loop. It is made close-on-exec and
     * non-blocking; {@link #release} does not undo that, so what other processes or a C library use
     * is better given to {@link #borrow}.
     *
     * @throws SystemCallException with {@code EBADF} if it is not open
     * @throws IllegalStateException if the library owns it already, or no loop runs here
     */
    public static Fd adopt(int number) throws IOException {
        return adopt(number, Kind.ANY, "");
    }

    /**
     * Takes over an open descriptor whose kind is known; {@code path} says in messages what it is.
     *
     * @hidden for the kinds of this module
     */
    @SuppressWarnings("exports") // nobody else can name the type
    public static Fd adopt(int number, Kind kind, Object path) throws IOException {
        Engine engine = Loop.current().engine();
        String target = "fd " + number;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = Kernel.newErrno(arena);
            int flags = Kernel.check("fcntl", Fcntl.fcntl(errno, number, Fcntl.F_GETFL, 0), target);
            Kernel.check(
                    "fcntl", Fcntl.fcntl(errno, number, Fcntl.F_SETFD, Fcntl.FD_CLOEXEC), target);
            Kernel.check(
                    "fcntl",
                    Fcntl.fcntl(errno, number, Fcntl.F_SETFL, flags | ADOPTED_NONBLOCKING),
                    target);
            return new Fd(Descriptor.adopted(engine, number, kind, path));
        }
    }

    /**
     * A descriptor that somebody else owns and may close at any time, for waits on the current
     * loop.
     *
     * @throws IllegalStateException if no loop runs here
     */
    public static BorrowedFd borrow(int number) {
        return new BorrowedFd(Loop.current().engine(), number);
    }

    /**
     * Runs {@code body} with the number, which stays open meanwhile even if another fiber closes
     * this Fd. Do not close it, and do not keep it. Closing this Fd in here takes effect when
     * {@code body} has ended.
     */
    public <T> T use(IntFunction<T> body) throws IOException {
        return descriptor.use(body);
    }

    /**
     * Waits until a read would not block, as poll(2) means it: data, the end of the stream, a
     * hang-up or an error is there. Parks.
     */
    public void awaitReadable() throws IOException {
        awaitInput();
    }

    /** Bytes that a stream has left over count as readable: the next read serves them. */
    private void awaitInput() throws IOException {
        if (descriptor.buffered() == 0) {
            await(Poll.POLLIN);
        } else {
            Fiber.checkpoint();
        }
    }

    /**
     * Like {@link #awaitReadable()}, for a limited time.
     *
     * @throws DeadlineException if it is over
     */
    public void awaitReadable(Duration timeout) throws IOException {
        Deadline.within(timeout, () -> awaitInput());
    }

    /** Waits until a write would not block, as poll(2) means it. Parks. */
    public void awaitWritable() throws IOException {
        await(Poll.POLLOUT);
    }

    /**
     * Like {@link #awaitWritable()}, for a limited time.
     *
     * @throws DeadlineException if it is over
     */
    public void awaitWritable(Duration timeout) throws IOException {
        Deadline.within(timeout, () -> await(Poll.POLLOUT));
    }

    /**
     * Waits for an exceptional condition ({@code POLLPRI}): urgent data, a change of a sysfs
     * attribute, a changed mount, a threshold of pressure. Parks. One that the kernel tells once is
     * told to one waiter, whenever it came, in a confined loop; an unconfined one may lose it. One
     * that lasts may be told once more after it is dealt with.
     *
     * @throws SystemCallException with {@code EPERM} if the file has no such thing to wait for
     */
    public void awaitPriority() throws IOException {
        await(Poll.POLLPRI);
    }

    /**
     * Like {@link #awaitPriority()}, for a limited time.
     *
     * @throws DeadlineException if it is over
     */
    public void awaitPriority(Duration timeout) throws IOException {
        Deadline.within(timeout, () -> await(Poll.POLLPRI));
    }

    /**
     * Waits until at least one of {@code wanted} holds, or an error or hang-up does, and tells all
     * of these that do. Parks. Bytes that a stream has left over count as readable.
     *
     * @param wanted at least one of those that can be asked for: {@link Condition#READABLE}, {@link
     *     Condition#WRITABLE}, {@link Condition#PRIORITY}
     * @throws SystemCallException with {@code EPERM} if the file has no such thing to wait for
     */
    public Set<Condition> await(Set<Condition> wanted) throws IOException {
        int events = Condition.bits(wanted);
        if ((events & Poll.POLLIN) != 0 && descriptor.buffered() > 0) {
            Fiber.checkpoint();
            return EnumSet.of(Condition.READABLE);
        }
        return Condition.of(await(events));
    }

    /** What poll(2) tells of a descriptor. */
    public enum Condition {
        /** A read would not block: data, or the end. */
        READABLE(Poll.POLLIN),
        /** A write would not block. */
        WRITABLE(Poll.POLLOUT),
        /** Something exceptional: urgent data, a changed attribute, a threshold. */
        PRIORITY(Poll.POLLPRI),
        /** An error, or no reader of a pipe; told without being asked for. */
        ERROR(Poll.POLLERR),
        /** The other side has hung up; told without being asked for. */
        HANG_UP(Poll.POLLHUP);

        private static final int ASKABLE = Poll.POLLIN | Poll.POLLOUT | Poll.POLLPRI;

        private final int bit;

        Condition(int bit) {
            this.bit = bit;
        }

        /**
         * Those of poll(2) that can be asked for, at least one.
         *
         * @hidden for the kinds of this module
         */
        public static int bits(Set<Condition> wanted) {
            int bits = 0;
            for (Condition condition : wanted) {
                bits |= condition.bit & ASKABLE;
            }
            if (bits == 0) {
                throw new IllegalArgumentException("nothing to wait for among " + wanted);
            }
            return bits;
        }

        /**
         * Those that hold by the bits of poll(2).
         *
         * @hidden for the kinds of this module
         */
        public static Set<Condition> of(long bits) {
            var held = EnumSet.noneOf(Condition.class);
            for (Condition condition : values()) {
                if ((bits & condition.bit) != 0) {
                    held.add(condition);
                }
            }
            return held;
        }
    }

    /**
     * Waits until a socket's peer has ended its output or is gone ({@code POLLRDHUP}); nothing is
     * read, and what it has sent before can still be. Parks.
     */
    public void awaitPeerClosed() throws IOException {
        await(Poll.POLLRDHUP);
    }

    /**
     * The event that a socket's peer has ended its output or is gone, for {@link
     * dev.volokno.fiber.Select}. Nothing is read: what it has sent before can still be.
     */
    public Event<Fd> peerClosed() {
        return new Readiness(this, Poll.POLLRDHUP);
    }

    /**
     * The event that a read would not block, for {@link dev.volokno.fiber.Select}. Nothing is read:
     * whoever selected it reads, and may find that somebody else was faster.
     */
    public Event<Fd> readable() {
        return new Readiness(this, Poll.POLLIN);
    }

    /** The event that a write would not block, for {@link dev.volokno.fiber.Select}. */
    public Event<Fd> writable() {
        return new Readiness(this, Poll.POLLOUT);
    }

    /**
     * The event of an exceptional condition, for {@link dev.volokno.fiber.Select}; see {@link
     * #awaitPriority}.
     */
    public Event<Fd> priority() {
        return new Readiness(this, Poll.POLLPRI);
    }

    private long await(int events) throws IOException {
        return descriptor.performAlone(new PollOperation(descriptor.handle(), events));
    }

    /**
     * Whether a fiber can wait on it; regular files and some devices are always ready instead
     * (poll(2)).
     */
    public boolean pollable() throws IOException {
        return descriptor.isPollable();
    }

    /**
     * Makes {@code loop} its loop.
     *
     * @throws IllegalStateException if a call on it is in progress
     */
    public void moveTo(Loop loop) throws IOException {
        descriptor.moveTo(loop.engine());
    }

    /**
     * Gives the open descriptor to the caller, who has to close it.
     *
     * @throws IllegalStateException if a call on it is in progress, or it is closed
     */
    public int release() throws IOException {
        return descriptor.release();
    }

    /** Whether it is neither closed nor released. */
    public boolean isOpen() {
        return descriptor.isOpen();
    }

    /**
     * Closes it: calls in progress end with {@link java.nio.channels.AsynchronousCloseException},
     * new ones are refused, and close(2) is made when the last of them is out. Parks until then,
     * and is not cancelled. While a call goes on that a cancelled caller has left behind, and in a
     * {@linkplain Loop#watch callback}, it returns at once, and close(2) is made when the last one
     * is out. Closing again does nothing.
     */
    @Override
    public void close() throws IOException {
        descriptor.close();
    }

    /**
     * The machinery behind it.
     *
     * @hidden for the kinds of this module
     */
    @SuppressWarnings("exports") // nobody else can name the type
    public Descriptor descriptor() {
        return descriptor;
    }

    /**
     * What a watch asks.
     *
     * @hidden for {@link Loop#watch} alone
     */
    @Override
    @SuppressWarnings("exports") // nobody else can name the type
    public Polled polled() {
        return descriptor;
    }

    @Override
    public String toString() {
        return descriptor.toString();
    }
}
