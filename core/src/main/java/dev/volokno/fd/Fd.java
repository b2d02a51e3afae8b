package dev.volokno.fd;

import dev.volokno.DeadlineException;
import dev.volokno.SystemCallException;
import dev.volokno.backend.Kernel;
import dev.volokno.backend.PollOperation;
import dev.volokno.descriptor.Descriptor;
import dev.volokno.descriptor.Kind;
import dev.volokno.engine.Engine;
import dev.volokno.fiber.Deadline;
import dev.volokno.fiber.Event;
import dev.volokno.fiber.Fiber;
import dev.volokno.linux.Fcntl;
import dev.volokno.linux.Poll;
import dev.volokno.loop.Loop;
import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Cleaner;
import java.time.Duration;
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
public final class Fd implements Closeable {
    private static final Cleaner CLEANER = Cleaner.create();
    private static final System.Logger LOGGER = System.getLogger("dev.volokno");
    private static final int ADOPTED_NONBLOCKING = Fcntl.O_NONBLOCK;

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
     * Takes over an open descriptor for the current loop. It is made close-on-exec and
     * non-blocking; {@link #release} does not undo that, so what other processes or a C library use
     * is better given to {@link #borrow}.
     *
     * @throws SystemCallException with {@code EBADF} if it is not open
     * @throws IllegalStateException if the library owns it already, or no loop runs here
     */
    public static Fd adopt(int number) throws IOException {
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
            return new Fd(Descriptor.adopted(engine, number, Kind.ANY, ""));
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
     * attribute. Parks.
     *
     * @throws SystemCallException with {@code EPERM} if the file has no such thing to wait for
     */
    public void awaitPriority() throws IOException {
        await(Poll.POLLPRI);
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

    private void await(int event) throws IOException {
        descriptor.performAlone(new PollOperation(descriptor.handle(), event));
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
     * and is not cancelled. Closing again does nothing.
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

    @Override
    public String toString() {
        return descriptor.toString();
    }
}
