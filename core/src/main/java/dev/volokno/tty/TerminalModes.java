package dev.volokno.tty;

import dev.volokno.backend.DirectOperation;
import dev.volokno.descriptor.Descriptor;
import dev.volokno.descriptor.Turns.Direction;
import dev.volokno.fiber.Deadline;
import dev.volokno.linux.Errno;
import dev.volokno.linux.Fcntl;
import dev.volokno.linux.SysIoctl;
import dev.volokno.linux.Unistd;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * The mode of a terminal: put on when it is asked for and when the process goes on in the
 * foreground; put off when it stops, when the terminal is closed and when the JVM ends. Any thread;
 * guarded by itself.
 *
 * <pre>
 *   OFF --putOn()---> ON    the mode's settings, then what enters the screen
 *   ON  --putOff()--> OFF   what leaves the screen, then the settings from before
 * </pre>
 */
final class TerminalModes {
    private static final byte[] NOTHING = {};

    /** A terminal that takes nothing (Ctrl-S) is not waited for longer. */
    private static final long WRITE_NANOS = 1_000_000_000;

    private static final long LOOK_NANOS = 1_000_000;
    private static final Duration WRITER = Duration.ofMillis(100);
    private static final int IN_FRONT = 1;

    private final Descriptor descriptor;
    private final LineSettings former = new LineSettings();
    private volatile Terminal.Mode mode = Terminal.Mode.COOKED;
    private byte[] enter = NOTHING;
    private byte[] leave = NOTHING;
    private boolean on;

    /** Job control's fiber alone: what is drawn must not come between the end and the stop. */
    private boolean holdsWriters;

    private TerminalModes(Descriptor descriptor) {
        this.descriptor = descriptor;
    }

    /** Remembers how it is now, and sees to it that it will be so again. */
    static TerminalModes of(Descriptor descriptor) throws IOException {
        var modes = new TerminalModes(descriptor);
        descriptor.call("ioctl(TCGETS2)", modes.former::load);
        descriptor.beforeClose((errno, number) -> {
            AtExit.forget(descriptor);
            return modes.putOff(errno, number);
        });
        AtExit.make(descriptor, modes::atExit);
        return modes;
    }

    Terminal.Mode mode() {
        return mode;
    }

    void change(Terminal.Mode wanted, byte[] entering, byte[] leaving) throws IOException {
        inTurn((errno, number) -> {
            putOff(errno, number);
            set(wanted, entering, leaving);
            return putOn(errno, number);
        });
    }

    private synchronized void set(Terminal.Mode wanted, byte[] entering, byte[] leaving) {
        mode = wanted;
        enter = entering;
        leave = leaving;
    }

    /** The process is about to stop: nobody writes from now on until it goes on. */
    void suspend() throws IOException {
        if (!holdsWriters && mode != Terminal.Mode.COOKED) {
            holdsWriters = Deadline.tryWithin(WRITER, () -> descriptor.enter(Direction.WRITE));
        }
        inTurn(this::putOff);
    }

    /** It goes on; false if not in the foreground, where the terminal is not its to change. */
    boolean resume() throws IOException {
        boolean front = inTurn(this::putOnInFront) == IN_FRONT;
        if (front) {
            letWritersGo();
        }
        return front;
    }

    private long putOnInFront(MemorySegment errno, int number) {
        if (!isForeground(errno, number)) {
            return 0;
        }
        // Whoever had the terminal meanwhile may have left it in any state.
        markOff();
        long result = putOn(errno, number);
        return result < 0 ? result : IN_FRONT;
    }

    /** For the one fiber that suspends and resumes, at its end. */
    void letWritersGo() {
        if (holdsWriters) {
            holdsWriters = false;
            descriptor.leave(Direction.WRITE);
        }
    }

    /** Between the writes of others, if one can get there: a stopped terminal may hold one up. */
    private long inTurn(DirectOperation.Call call) throws IOException {
        boolean alone = descriptor.tryEnter(Direction.WRITE);
        try {
            return descriptor.blockingCall("ioctl(TCSETS2)", call);
        } finally {
            if (alone) {
                descriptor.leave(Direction.WRITE);
            }
        }
    }

    private synchronized void markOff() {
        on = false;
    }

    private synchronized long putOn(MemorySegment errno, int number) {
        if (on || mode == Terminal.Mode.COOKED) {
            return 0;
        }
        LineSettings wanted = former.copy();
        if (mode == Terminal.Mode.RAW) {
            wanted.makeRaw();
        } else {
            wanted.makeCbreak();
        }
        long result = wanted.store(errno, number);
        if (result >= 0) {
            on = true;
            write(errno, number, enter);
        }
        return result;
    }

    private synchronized long putOff(MemorySegment errno, int number) {
        if (!on || !isForeground(errno, number)) {
            // In the background the terminal is another's; to touch it would stop the process.
            return 0;
        }
        on = false;
        write(errno, number, leave);
        return former.store(errno, number);
    }

    /** Without job control (no controlling terminal, or another's) everybody is. */
    private static boolean isForeground(MemorySegment errno, int number) {
        ByteBuffer group = Ioctl.ofInt(0);
        long result = Ioctl.make(errno, number, SysIoctl.TIOCGPGRP, group);
        return result < 0 || group.getInt(0) == Unistd.getpgrp();
    }

    private static void write(MemorySegment errno, int number, byte[] text) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocateFrom(ValueLayout.JAVA_BYTE, text);
            long deadline = System.nanoTime() + WRITE_NANOS;
            long written = 0;
            while (written < text.length && System.nanoTime() < deadline) {
                long result =
                        Unistd.write(
                                errno, number, bytes.address() + written, text.length - written);
                if (result >= 0) {
                    written += result;
                } else if (Errno.EAGAIN.is(result)) {
                    LockSupport.parkNanos(LOOK_NANOS);
                } else {
                    return; // it is gone, and there is nothing to restore
                }
            }
        }
    }

    /**
     * The JVM ends while fibers may still run: what they write from now on goes to the null device,
     * which takes the terminal's number in one step, and the terminal itself is put back.
     */
    private long atExit(MemorySegment errno, int number) {
        try (Arena arena = Arena.ofConfined()) {
            int own = Fcntl.fcntl(errno, number, Fcntl.F_DUPFD_CLOEXEC, 0);
            long path = arena.allocateFrom("/dev/null").address();
            int nothing = Fcntl.open(errno, path, Fcntl.O_RDWR | Fcntl.O_CLOEXEC, 0);
            if (nothing >= 0) {
                Unistd.dup3(errno, nothing, number, Fcntl.O_CLOEXEC);
                Unistd.close(errno, nothing);
            }
            if (own < 0) {
                return putOff(errno, number);
            }
            long result = putOff(errno, own);
            Unistd.close(errno, own);
            return result;
        }
    }
}
