package dev.volokno.tty;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.volokno.SystemCallException;
import dev.volokno.descriptor.Descriptor;
import dev.volokno.descriptor.Kind;
import dev.volokno.descriptor.PathOpening;
import dev.volokno.fd.ByteStream;
import dev.volokno.fd.Fd;
import dev.volokno.fiber.Fiber;
import dev.volokno.linux.Fcntl;
import dev.volokno.loop.Loop;
import dev.volokno.process.Signal;
import dev.volokno.process.Signals;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.List;

/**
 * The terminal that this process runs in, as a stream: reading gives what is typed, as bytes;
 * writing shows. Not the standard streams, which may be files or pipes: for those see {@link
 * dev.volokno.fd.StandardStreams}.
 *
 * <p>It is opened anew, non-blocking for this stream alone; the descriptors that the shell and
 * other processes share stay as they are, whatever becomes of this process.
 *
 * <p><b>Restored.</b> The settings from before the opening come back by {@link #close}, when the
 * loop ends, and when the JVM ends: by {@code System.exit}, an exception out of {@code main}, or
 * HUP, INT or TERM. From then on what the process still writes here goes nowhere. KILL leaves no
 * time for anything; the shell then has its own settings, or {@code stty sane}.
 *
 * <p><b>Job control.</b> When the process is to stop (TSTP: Ctrl-Z, unless in raw mode) the former
 * settings come back first; when it goes on in the foreground (CONT) the mode is put on again. In
 * the background reading stops the process (TTIN), and so does changing the mode (TTOU), as of any
 * program. A fiber in the innermost scope of whoever opens the terminal looks after that.
 */
public final class Terminal extends ByteStream {
    /** What happens between the keys and {@link #read}, and between writing and the screen. */
    public enum Mode {
        /** As it was: as a rule whole lines, edited and echoed, and signals by keys. */
        COOKED,
        /** Each key at once and without echo; Ctrl-C and Ctrl-Z are signals still. */
        CBREAK,
        /** Every byte as it is, both ways: Ctrl-C is 3, and a new line needs {@code "\r\n"}. */
        RAW
    }

    private static final String OWN = "/dev/tty";
    private static final List<String> STANDARD =
            List.of("/proc/self/fd/0", "/proc/self/fd/1", "/proc/self/fd/2");

    private final Descriptor descriptor;
    private final TerminalModes modes;
    private final Fiber<Void> jobControl;

    private Terminal(Descriptor descriptor, TerminalModes modes) {
        super(new Fd(descriptor));
        this.descriptor = descriptor;
        this.modes = modes;
        jobControl = Fiber.daemon(new JobControl(modes)::run);
    }

    /**
     * Opens the controlling terminal on the current loop, or if there is none the terminal that is
     * the standard input, output or error. Parks.
     *
     * @throws NoSuchFileException if none of them is a terminal
     */
    public static Terminal open() throws IOException {
        try {
            return at(OWN);
        } catch (NoSuchFileException withoutControllingTerminal) {
            for (String path : STANDARD) {
                try {
                    return at(path);
                } catch (SystemCallException | FileSystemException isNone) {
                    withoutControllingTerminal.addSuppressed(isNone);
                }
            }
            var none =
                    new NoSuchFileException(
                            OWN,
                            null,
                            "this process has no terminal: none controls it, and neither its"
                                    + " standard input, output nor error is one");
            none.initCause(withoutControllingTerminal);
            throw none;
        }
    }

    /** Opens the terminal that has this path. */
    static Terminal at(String path) throws IOException {
        Descriptor descriptor =
                PathOpening.open(Loop.current().engine(), path, Fcntl.O_RDWR, Kind.TERMINAL);
        try {
            return new Terminal(descriptor, TerminalModes.of(descriptor));
        } catch (IOException | RuntimeException e) {
            descriptor.close();
            throw e;
        }
    }

    /** Changes the mode, at once. Parks; stops the process if it is in the background. */
    public void mode(Mode mode) throws IOException {
        mode(mode, "", "");
    }

    /**
     * Changes the mode, and the screen with it: {@code enter} is written now and whenever the mode
     * is put on again, {@code leave} whenever it is put off, at the end of the process too. So a
     * program that has hidden the cursor, or uses the other screen, leaves nothing of that behind.
     */
    public void mode(Mode mode, String enter, String leave) throws IOException {
        modes.change(mode, enter.getBytes(UTF_8), leave.getBytes(UTF_8));
    }

    /** The mode that was asked for last. */
    public Mode mode() {
        return modes.mode();
    }

    /** Its size now; 0 by 0 if nobody has told it. */
    public Pty.Size size() throws IOException {
        return WindowSize.of(descriptor);
    }

    /**
     * Waits until its size is another than {@code known}: at once if it is already. Parks.
     *
     * @return the size now
     */
    public Pty.Size awaitResize(Pty.Size known) throws IOException {
        // While a process is stopped, the news of a new size go to the shell.
        try (var signals = Signals.open(Signal.WINCH, Signal.CONT)) {
            Pty.Size now = size();
            while (now.equals(known)) {
                signals.take();
                now = size();
            }
            return now;
        }
    }

    /** Restores the settings and closes it. Parks. */
    @Override
    public void close() throws IOException {
        jobControl.cancel();
        super.close();
    }
}
