package dev.volokno.process;

import dev.volokno.CancelledException;
import dev.volokno.DeadlineException;
import dev.volokno.backend.Kernel;
import dev.volokno.backend.ReadOperation;
import dev.volokno.descriptor.Descriptor;
import dev.volokno.descriptor.Kind;
import dev.volokno.descriptor.Turns.Direction;
import dev.volokno.engine.Engine;
import dev.volokno.fd.Fd;
import dev.volokno.fiber.Deadline;
import dev.volokno.fiber.Event;
import dev.volokno.linux.Errno;
import dev.volokno.linux.Fcntl;
import dev.volokno.linux.Memory;
import dev.volokno.linux.SignalH;
import dev.volokno.linux.Unistd;
import dev.volokno.loop.Loop;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Signals, as they come to this process, with all that the kernel tells of them.
 *
 * {@snippet :
 * try (var signals = Signals.open(Signal.HUP, Signal.TERM)) {
 *     for (var info : signals) {
 *         if (info.signal().equals(Signal.TERM)) {
 *             break; // what TERM did before it does again after the close
 *         }
 *         reload();
 *     }
 * }
 * }
 *
 * <p>While one is open its signals do nothing else: neither end the process, nor run shutdown
 * hooks, nor the handlers of {@code sun.misc.Signal}. All that are open for a signal, in whichever
 * loops, get it, once each; when the last is closed, the former disposition is back. Linux merges
 * equal standard signals that are pending; real-time ones are queued. Each Signals keeps about
 * 8,000 that nobody has taken, or fewer where the system's limits for pipes are lower; further ones
 * are {@linkplain #dropped dropped}.
 *
 * <p>Signals that the JVM needs are refused, with the reason. See docs/fd/signals.md.
 */
public final class Signals implements Iterable<SignalInfo>, Closeable {
    private static final System.Logger LOGGER = System.getLogger("dev.volokno");
    private static final int ROOM = 1 << 20;

    private final Descriptor descriptor;
    private final Fd fd;
    private final Listener listener;
    private volatile long droppedTold;

    private Signals(Descriptor descriptor, Listener listener) {
        this.descriptor = descriptor;
        this.listener = listener;
        fd = new Fd(descriptor);
    }

    /**
     * Listens to {@code signals} from now on, on the current loop.
     *
     * @throws IllegalArgumentException if one of them cannot be listened to, with the reason, or
     *     none is named
     * @throws IOException if there is no descriptor left, or the system forbids executable memory
     */
    public static Signals open(Signal... signals) throws IOException {
        List<Signal> distinct = Stream.of(signals).distinct().toList();
        if (distinct.isEmpty()) {
            throw new IllegalArgumentException("no signal to listen to");
        }
        distinct.forEach(Signals::refuseReserved);
        if (distinct.contains(Signal.CHLD)) {
            JdkProcesses.initialize();
        }
        Engine engine = Loop.current().engine();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = Kernel.newErrno(arena);
            long numbers = arena.allocate(2L * Integer.BYTES, Integer.BYTES).address();
            int flags = Fcntl.O_CLOEXEC | Fcntl.O_NONBLOCK;
            Kernel.check("pipe2", Unistd.pipe2(errno, numbers, flags), "a pipe for signals");
            int sink = Memory.getInt(numbers + Integer.BYTES);
            // A pipe that has to stay smaller drops earlier.
            Fcntl.fcntl(errno, sink, Fcntl.F_SETPIPE_SZ, ROOM);
            String name = distinct.stream().map(Signal::toString).collect(Collectors.joining(" "));
            Descriptor source =
                    Descriptor.opened(engine, Memory.getInt(numbers), Kind.SIGNALS, name);
            var listener = new Listener(sink, distinct);
            source.beforeClose((closing, number) -> listener.end(closing));
            try {
                listener.begin(errno);
            } catch (IOException | RuntimeException e) {
                source.close();
                throw e;
            }
            return new Signals(source, listener);
        }
    }

    private static void refuseReserved(Signal signal) {
        String reason = ReservedSignals.reason(signal);
        if (reason != null) {
            throw ReservedSignals.refusal(signal, reason);
        }
    }

    /**
     * Waits for the next signal. Parks.
     *
     * @throws CancelledException if cancelled before; no signal was taken
     */
    public SignalInfo take() throws IOException {
        descriptor.enter(Direction.READ);
        try {
            tellDrops();
            ByteBuffer target = ByteBuffer.allocateDirect(SignalH.SIGINFO_SIZE);
            var read = new ReadOperation(descriptor.handle(), false).into(target);
            descriptor.read(read);
            return info(target);
        } finally {
            descriptor.leave(Direction.READ);
        }
    }

    /**
     * Like {@link #take()}, for a limited time.
     *
     * @throws DeadlineException if it is over; no signal was taken
     */
    public SignalInfo take(Duration timeout) throws IOException {
        return Deadline.within(timeout, () -> take());
    }

    /** Takes the next signal if there is one. */
    public Optional<SignalInfo> tryTake() throws IOException {
        return Optional.ofNullable(takeNow());
    }

    /** The event that a signal comes, and is taken, for {@link dev.volokno.fiber.Select}. */
    public Event<SignalInfo> arriving() {
        return new Occurrence<>(descriptor, this::takeNow);
    }

    private @Nullable SignalInfo takeNow() throws IOException {
        // Without a turn: each read takes one whole record, whoever else reads.
        descriptor.enter();
        try {
            tellDrops();
            ByteBuffer target = ByteBuffer.allocateDirect(SignalH.SIGINFO_SIZE);
            var read = new ReadOperation(descriptor.handle(), false).into(target);
            long result = descriptor.attempt(read);
            return Errno.EAGAIN.is(result) || descriptor.check(read, result) == 0
                    ? null
                    : info(target);
        } finally {
            descriptor.leave();
        }
    }

    /** The handler writes whole records, so whole ones are read. */
    private static SignalInfo info(ByteBuffer siginfo) {
        return SignalInfo.at(MemorySegment.ofBuffer(siginfo.clear()).address());
    }

    private void tellDrops() {
        long dropped = listener.dropped();
        if (dropped > droppedTold) {
            long more = dropped - droppedTold;
            droppedTold = dropped;
            LOGGER.log(
                    System.Logger.Level.WARNING,
                    () -> more + " signals were dropped, for nobody had room for them: " + this);
        }
    }

    /**
     * The signals as they come; going on to the next one parks. Ends when this is closed. An {@link
     * IOException} comes as {@link UncheckedIOException}.
     */
    @Override
    public Iterator<SignalInfo> iterator() {
        return new Iterator<>() {
            private @Nullable SignalInfo next;

            @Override
            public boolean hasNext() {
                if (next == null) {
                    next = takeUnlessClosed();
                }
                return next != null;
            }

            @Override
            public SignalInfo next() {
                if (!hasNext()) {
                    throw new NoSuchElementException("closed");
                }
                SignalInfo taken = next;
                assert taken != null;
                next = null;
                return taken;
            }
        };
    }

    private @Nullable SignalInfo takeUnlessClosed() {
        try {
            return take();
        } catch (ClosedChannelException e) {
            return null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How many signals came when there was no room left, since this was opened. */
    public long dropped() {
        try {
            descriptor.enter();
        } catch (ClosedChannelException closed) {
            return listener.droppedInAll();
        }
        try {
            return listener.dropped();
        } finally {
            descriptor.leave();
        }
    }

    /** The descriptor: readable when a signal is there. Do not read from it. */
    public Fd fd() {
        return fd;
    }

    /**
     * Listens no more; what was not taken is lost. Whoever waits is told by {@link
     * java.nio.channels.AsynchronousCloseException}. Parks for a moment, and is not cancelled.
     */
    @Override
    public void close() throws IOException {
        fd.close();
    }

    @Override
    public String toString() {
        return fd.toString();
    }
}
