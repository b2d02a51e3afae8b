package dev.volokno.tty;

import dev.volokno.backend.DirectOperation;
import dev.volokno.backend.Kernel;
import dev.volokno.descriptor.Descriptor;
import dev.volokno.descriptor.Kind;
import dev.volokno.descriptor.PathOpening;
import dev.volokno.fd.ByteStream;
import dev.volokno.fd.Fd;
import dev.volokno.linux.Fcntl;
import dev.volokno.linux.SysIoctl;
import dev.volokno.loop.Loop;
import dev.volokno.process.ChildProcess;
import dev.volokno.process.Command;
import dev.volokno.process.Stdio;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A pseudo-terminal (pty(7)); the stream is its master. Programs open the slave by its {@link
 * #path} and see a terminal, or a serial port.
 *
 * <p>What is written while no slave is open may be lost. When the last one is closed, reading finds
 * the end of the stream after the last byte, until a slave is opened again. Closing the master
 * hangs the slave up.
 */
public final class Pty extends ByteStream {
    private static final int SLAVE_FLAGS =
            Fcntl.O_RDWR | Fcntl.O_NOCTTY | Fcntl.O_NONBLOCK | Fcntl.O_CLOEXEC;

    private final Descriptor descriptor;
    private final Path path;

    private Pty(Descriptor descriptor, Path path) {
        super(new Fd(descriptor));
        this.descriptor = descriptor;
        this.path = path;
    }

    /** Opens a new one on the current loop, with the settings of a terminal for humans. Parks. */
    public static Pty open() throws IOException {
        Descriptor descriptor =
                PathOpening.open(
                        Loop.current().engine(), "/dev/ptmx", Fcntl.O_RDWR, Kind.PTY_MASTER);
        try {
            withInt(descriptor, "ioctl(TIOCSPTLCK)", SysIoctl.TIOCSPTLCK);
            int slave = withInt(descriptor, "ioctl(TIOCGPTN)", SysIoctl.TIOCGPTN);
            return new Pty(descriptor, Path.of("/dev/pts/" + slave));
        } catch (IOException | RuntimeException e) {
            descriptor.close();
            throw e;
        }
    }

    private static int withInt(Descriptor descriptor, String name, int request) throws IOException {
        return Ioctl.quick(descriptor, name, request, Ioctl.ofInt(0)).getInt(0);
    }

    /** The slave's path; it exists as long as the master is open. */
    public Path path() {
        return path;
    }

    /**
     * Opens the slave, whatever mount namespace its path is in, on the current loop. Its end of
     * stream is the master's close. Not the controlling terminal.
     */
    public ByteStream openSlave() throws IOException {
        var engine = Loop.current().engine();
        descriptor.enter();
        try {
            int master = descriptor.number();
            long number =
                    engine.perform(
                            DirectOperation.blocking(
                                    null,
                                    "ioctl(TIOCGPTPEER)",
                                    (errno, none) ->
                                            SysIoctl.ioctl(
                                                    errno,
                                                    master,
                                                    SysIoctl.TIOCGPTPEER,
                                                    SLAVE_FLAGS)));
            int opened = Kernel.check("ioctl(TIOCGPTPEER)", number, toString());
            return ByteStream.over(
                    new Fd(Descriptor.opened(engine, opened, Kind.TERMINAL, path.toString())));
        } finally {
            descriptor.leave();
        }
    }

    /**
     * Starts a program on it, as a terminal does: the slave is its standard streams and the
     * controlling terminal of a session of its own, so that Ctrl-C ends it, {@link #resize} is told
     * to it, and closing this master hangs it up. Reading finds the end after the last byte of the
     * last program there. Other descriptors that {@code command} names it gets as well. Parks.
     *
     * @throws IOException as {@link ChildProcess#spawn(Command)} does
     */
    public ChildProcess spawn(Command command) throws IOException {
        try (ByteStream slave = openSlave()) {
            return ChildProcess.spawn(
                    command.withStdin(Stdio.of(slave.fd()))
                            .withStdout(Stdio.sameAs(0))
                            .withStderr(Stdio.sameAs(0))
                            .withSession(Command.Session.NEW_TERMINAL));
        }
    }

    /** Like {@link #spawn(Command)}. */
    public ChildProcess spawn(String program, String... arguments) throws IOException {
        return spawn(Command.of(program, arguments));
    }

    /**
     * Makes it carry bytes as they are: no echo, no line editing, no translation, no signals. Both
     * sides see it, and whoever opens the slave may change it.
     */
    public void makeRaw() throws IOException {
        var line = new LineSettings();
        descriptor.call("ioctl(TCGETS2)", line::load);
        line.makeRaw();
        descriptor.call("ioctl(TCSETS2)", line::store);
    }

    /**
     * A terminal's size in characters.
     *
     * @param rows 0 if unknown
     * @param columns 0 if unknown
     */
    public record Size(int rows, int columns) {
        private static final int LARGEST = 0xffff;

        /**
         * Checks that the kernel can hold it.
         *
         * @throws IllegalArgumentException if one is negative or more than 65,535
         */
        public Size {
            if (rows < 0 || rows > LARGEST || columns < 0 || columns > LARGEST) {
                throw new IllegalArgumentException("no terminal has " + rows + " by " + columns);
            }
        }
    }

    /** Its size; 0 by 0 until somebody sets it. */
    public Size size() throws IOException {
        return WindowSize.of(descriptor);
    }

    /** Sets its size; the foreground programs on the slave get {@code SIGWINCH}. */
    public void resize(Size size) throws IOException {
        WindowSize.set(descriptor, size);
    }
}
