package dev.volokno.process;

import dev.volokno.CancelledException;
import dev.volokno.DeadlineException;
import dev.volokno.backend.Kernel;
import dev.volokno.backend.PollOperation;
import dev.volokno.descriptor.Descriptor;
import dev.volokno.descriptor.Kind;
import dev.volokno.engine.Engine;
import dev.volokno.fd.Fd;
import dev.volokno.fiber.Deadline;
import dev.volokno.fiber.Event;
import dev.volokno.linux.Errno;
import dev.volokno.linux.Poll;
import dev.volokno.linux.SysPidfd;
import dev.volokno.loop.Loop;
import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Another process, whoever started it (pidfd_open(2)). That it has ended is all that can be learned
 * of it; how, only its parent learns.
 */
public final class ProcessWatch implements Closeable {
    private final long pid;
    private final Descriptor descriptor;
    private final Fd fd;

    private ProcessWatch(long pid, Descriptor descriptor) {
        this.pid = pid;
        this.descriptor = descriptor;
        fd = new Fd(descriptor);
    }

    /**
     * Watches the process that has the number {@code pid} now, on the current loop.
     *
     * @throws IOException naming {@code ESRCH} if there is none
     */
    public static ProcessWatch of(long pid) throws IOException {
        if (pid <= 0 || pid > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("no process has the number " + pid);
        }
        Engine engine = Loop.current().engine();
        String target = "process " + pid;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = Kernel.newErrno(arena);
            int number = Kernel.check("pidfd_open", SysPidfd.open(errno, (int) pid), target);
            return new ProcessWatch(pid, Descriptor.opened(engine, number, Kind.ANY, target));
        }
    }

    /** Its number; another process may have it when this one has ended. */
    public long pid() {
        return pid;
    }

    /**
     * Waits for its end. Parks.
     *
     * @throws CancelledException if cancelled before
     */
    public void awaitEnd() throws IOException {
        descriptor.performAlone(new PollOperation(descriptor.handle(), Poll.POLLIN));
    }

    /**
     * Like {@link #awaitEnd()}, for a limited time.
     *
     * @throws DeadlineException if it is over
     */
    public void awaitEnd(Duration timeout) throws IOException {
        Deadline.within(timeout, () -> awaitEnd());
    }

    /** Whether it has ended. Never parks. */
    public boolean hasEnded() throws IOException {
        return ended() != null;
    }

    /** The event that it ends, for {@link dev.volokno.fiber.Select}. */
    public Event<ProcessWatch> ending() {
        return new Occurrence<>(descriptor, this::ended);
    }

    private @Nullable ProcessWatch ended() throws IOException {
        descriptor.enter();
        try {
            var poll = new PollOperation(descriptor.handle(), Poll.POLLIN);
            long answer = descriptor.attempt(poll);
            return Errno.EAGAIN.is(answer) || descriptor.check(poll, answer) == 0 ? null : this;
        } finally {
            descriptor.leave();
        }
    }

    /**
     * Sends it a signal; never to a process that has its number after it.
     *
     * @return false if it has ended
     */
    public boolean kill(Signal signal) throws IOException {
        return ChildProcess.send(descriptor, signal);
    }

    /** The descriptor: readable when it has ended. */
    public Fd fd() {
        return fd;
    }

    /** Watches no more. */
    @Override
    public void close() throws IOException {
        fd.close();
    }

    @Override
    public String toString() {
        return fd.toString();
    }
}
