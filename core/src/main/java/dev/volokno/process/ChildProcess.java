package dev.volokno.process;

import dev.volokno.CancelledException;
import dev.volokno.DeadlineException;
import dev.volokno.backend.DirectOperation;
import dev.volokno.backend.Kernel;
import dev.volokno.backend.PollOperation;
import dev.volokno.descriptor.Descriptor;
import dev.volokno.descriptor.Kind;
import dev.volokno.engine.Engine;
import dev.volokno.engine.Strand;
import dev.volokno.fd.ByteStream;
import dev.volokno.fd.Fd;
import dev.volokno.fiber.Deadline;
import dev.volokno.fiber.Event;
import dev.volokno.fiber.Fiber;
import dev.volokno.fiber.Scope;
import dev.volokno.linux.Errno;
import dev.volokno.linux.Poll;
import dev.volokno.linux.SysPidfd;
import dev.volokno.loop.Loop;
import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.channels.ClosedChannelException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A program that this process has started. Its streams park instead of blocking, its end can be
 * waited for, and no thread is spent on it.
 *
 * {@snippet :
 * try (var sort = ChildProcess.spawn(
 *         Command.of("sort").withStdin(Stdio.pipe()).withStdout(Stdio.pipe()))) {
 *     sort.stdin().write(text);
 *     sort.stdin().close();
 *     for (var line : sort.stdout().lines(UTF_8, 1000)) {
 *         IO.println(line);
 *     }
 *     IO.println(sort.awaitExit());
 * }
 * }
 *
 * <p>The child has the descriptors that its {@link Command} names and no others, no signal blocked,
 * and none ignored. Whoever opens it closes it: {@link #close} ends a child that has not ended, and
 * a loop that ends kills those that are still open. See docs/fd/processes.md.
 */
public final class ChildProcess implements Closeable {
    private static final Duration GRACE = Duration.ofSeconds(5);
    private static final Duration ALWAYS = Duration.ofDays(36_500);

    private final String name;
    private final int pid;
    private final Reaper reaper;
    private final Descriptor descriptor;
    private final Fd fd;
    private final Map<Integer, ByteStream> streams;

    private ChildProcess(String name, int pid, Descriptor descriptor, Map<Integer, ByteStream> io) {
        this.name = name;
        this.pid = pid;
        this.descriptor = descriptor;
        reaper = new Reaper(pid);
        descriptor.beforeClose(reaper::killAndReap);
        fd = new Fd(descriptor);
        streams = io;
    }

    // ---- starting

    /**
     * Starts a program; see {@link Command#of(String, String...)} for what it finds. Parks.
     *
     * @throws NoSuchFileException if there is no such program
     * @throws AccessDeniedException if it may not be run
     * @throws IOException naming the call and the errno, such as {@code EAGAIN} when there are too
     *     many processes; no process and no descriptor is left then
     * @throws ClosedChannelException if its loop has ended meanwhile; neither is left then
     */
    public static ChildProcess spawn(String program, String... arguments) throws IOException {
        return spawn(Command.of(program, arguments));
    }

    /**
     * Like {@link #spawn(String, String...)}.
     *
     * @throws NoSuchFileException if there is no such program, directory or file
     * @throws IllegalStateException if a descriptor for it has bytes left over
     * @throws UnsupportedOperationException if another user is asked for and setpriv(1) is missing
     */
    public static ChildProcess spawn(Command command) throws IOException {
        JdkProcesses.initialize();
        Engine engine = Loop.current().engine();
        try (var spawning = new Spawning(command)) {
            int pid = spawning.start(engine);
            String name = command.arguments().getFirst();
            var streams = new TreeMap<Integer, ByteStream>();
            spawning.ourEnds()
                    .forEach((target, number) ->
                            streams.put(target, stream(engine, number, name + " " + target)));
            Descriptor pidfd =
                    Descriptor.opened(engine, spawning.pidfd(), Kind.PROCESS, name + " " + pid);
            var child = new ChildProcess(name, pid, pidfd, streams);
            child.refuseAfterEnd();
            return child;
        }
    }

    /** Its loop has ended meanwhile, and has closed all before it knew of the child. */
    private void refuseAfterEnd() throws ClosedChannelException {
        if (!descriptor.isOpen()) {
            try (Arena arena = Arena.ofConfined()) {
                reaper.killAndReapByNumber(Kernel.newErrno(arena));
            }
            throw new ClosedChannelException();
        }
    }

    private static ByteStream stream(Engine engine, int number, String path) {
        return ByteStream.over(new Fd(Descriptor.opened(engine, number, Kind.PIPE, path)));
    }

    /**
     * Runs a program to its end and keeps what it says, up to 16 MiB; see {@link #run(Command,
     * int)}. Parks.
     */
    public static Output run(String program, String... arguments) throws Exception {
        return run(Command.of(program, arguments));
    }

    /** Like {@link #run(String, String...)}. */
    public static Output run(Command command) throws Exception {
        return run(command, Output.USUAL_LIMIT);
    }

    /**
     * Runs a program to its end and keeps what it says. Its input is empty and its outputs are
     * kept, unless the command has something else there. Cancelled, it ends the program first.
     * Parks.
     *
     * @param limit how many bytes are kept of each output at most
     * @throws IOException if it cannot be started, or says more; it is ended then
     */
    public static Output run(Command command, int limit) throws Exception {
        return Output.of(command, limit);
    }

    // ---- what it is

    /** Its number; another process may have it when this one has ended and its end was seen. */
    public long pid() {
        return pid;
    }

    /**
     * The stream to its standard input.
     *
     * @throws IllegalStateException if that is no pipe
     */
    public ByteStream stdin() {
        return stream(0);
    }

    /**
     * The stream from its standard output.
     *
     * @throws IllegalStateException if that is no pipe
     */
    public ByteStream stdout() {
        return stream(1);
    }

    /**
     * The stream from its standard error output.
     *
     * @throws IllegalStateException if that is no pipe
     */
    public ByteStream stderr() {
        return stream(2);
    }

    /**
     * Our end of the pipe that is its descriptor {@code number}.
     *
     * @throws IllegalStateException if that is no pipe
     */
    public ByteStream stream(int number) {
        ByteStream stream = streams.get(number);
        if (stream == null) {
            throw new IllegalStateException(
                    "descriptor "
                            + number
                            + " of "
                            + this
                            + " is no pipe: only "
                            + streams.keySet());
        }
        return stream;
    }

    boolean hasStream(int number) {
        return streams.containsKey(number);
    }

    // ---- its end

    /**
     * Waits for its end. Parks.
     *
     * @throws CancelledException if cancelled before; the child runs on
     * @throws IOException if somebody else, such as a C library, has waited for it, and how it
     *     ended is lost
     */
    public ExitStatus awaitExit() throws IOException {
        ExitStatus known = reaper.known();
        if (known != null) {
            Fiber.checkpoint();
            return known;
        }
        descriptor.performAlone(new PollOperation(descriptor.handle(), Poll.POLLIN));
        ExitStatus seen = exitNow();
        assert seen != null : this;
        return seen;
    }

    /**
     * Like {@link #awaitExit()}, for a limited time.
     *
     * @throws DeadlineException if it is over; the child runs on
     */
    public ExitStatus awaitExit(Duration timeout) throws IOException {
        return Deadline.within(timeout, () -> awaitExit());
    }

    /** How it ended; empty while it runs. Never parks. */
    public Optional<ExitStatus> exit() throws IOException {
        return Optional.ofNullable(exitNow());
    }

    /** The event that it ends, for {@link dev.volokno.fiber.Select}. */
    public Event<ExitStatus> ending() {
        return new Occurrence<>(descriptor, this::exitNow);
    }

    private @Nullable ExitStatus exitNow() throws IOException {
        ExitStatus known = reaper.known();
        if (known != null) {
            return known;
        }
        descriptor.enter();
        try {
            var waiting = DirectOperation.on(descriptor.handle(), "waitid", reaper::reapNow);
            long result = descriptor.attempt(waiting);
            if (Errno.ECHILD.is(result)) {
                throw new IOException(
                        "somebody else has waited for " + this + ": how it ended is lost");
            }
            descriptor.check(waiting, result);
            return reaper.known();
        } finally {
            descriptor.leave();
        }
    }

    /**
     * Sends it a signal; never to a process that has its number after it.
     *
     * @return false if it has ended, and its end was seen
     */
    public boolean kill(Signal signal) throws IOException {
        if (reaper.known() != null) {
            return false;
        }
        return send(descriptor, signal);
    }

    /** Sends a signal to whom {@code pidfd} is; false if it has ended. */
    static boolean send(Descriptor pidfd, Signal signal) throws IOException {
        pidfd.enter();
        try {
            var sending =
                    DirectOperation.on(
                            pidfd.handle(),
                            "pidfd_send_signal",
                            (errno, number) -> SysPidfd.sendSignal(errno, number, signal.number()));
            long result = pidfd.attempt(sending);
            if (Errno.ESRCH.is(result)) {
                return false;
            }
            pidfd.check(sending, result);
            return true;
        } finally {
            pidfd.leave();
        }
    }

    /** The descriptor: readable when it has ended. */
    public Fd fd() {
        return fd;
    }

    /** Like {@link #close(Duration)}, with five seconds. */
    @Override
    public void close() throws IOException {
        close(GRACE);
    }

    /**
     * Closes its streams and, if it has not ended, asks it to by {@link Signal#TERM}, and after
     * {@code grace} ends it by {@link Signal#KILL}. Returns when it has ended; a process that the
     * kernel holds in a call that cannot be interrupted is waited for. Parks, and is not cancelled.
     */
    public void close(Duration grace) throws IOException {
        if (!fd.isOpen()) {
            return;
        }
        Strand strand = Strand.current();
        // A shield of time instead of one against it: whoever closes may be shielded already.
        boolean before = strand.shield();
        strand.unshield(false);
        try {
            ByteStream input = streams.get(0);
            if (input != null) {
                input.close();
            }
            if (!endsBy(Signal.TERM, grace)) {
                endsBy(Signal.KILL, ALWAYS);
            }
            for (ByteStream stream : streams.values()) {
                stream.close();
            }
        } finally {
            strand.unshield(before);
            fd.close();
        }
    }

    private boolean endsBy(Signal signal, Duration grace) throws IOException {
        try {
            return Scope.shield(
                    grace,
                    () -> {
                        if (kill(signal)) {
                            descriptor.performAlone(
                                    new PollOperation(descriptor.handle(), Poll.POLLIN));
                        }
                        return true;
                    });
        } catch (DeadlineException stillThere) {
            return false;
        } catch (ClosedChannelException closedMeanwhile) {
            // Somebody else closes it too, and was first: that kills it.
            return true;
        }
    }

    @Override
    public String toString() {
        return name + " (process " + pid + ")";
    }
}
