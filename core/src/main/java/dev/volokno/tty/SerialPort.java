package dev.volokno.tty;

import dev.volokno.HangUpException;
import dev.volokno.SystemCallException;
import dev.volokno.descriptor.Descriptor;
import dev.volokno.descriptor.Kind;
import dev.volokno.descriptor.PathOpening;
import dev.volokno.fd.ByteStream;
import dev.volokno.fd.Fd;
import dev.volokno.fiber.Fiber;
import dev.volokno.linux.Fcntl;
import dev.volokno.linux.SysIoctl;
import dev.volokno.linux.Termios;
import dev.volokno.loop.Loop;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A serial port (termios(3)) as a stream of raw bytes: UART, USB adapter, or the slave of a
 * pseudo-terminal. A read waits for the first byte and takes what is there.
 *
 * <p><b>Loss of the line.</b> When the device is unplugged or the other end of a pseudo-terminal is
 * closed, every waiting and every further call throws {@link HangUpException}; bytes that {@link
 * #readUntil} had left over are still served first. What the kernel had not handed over yet it
 * throws away itself, at that moment.
 *
 * <p><b>Closing.</b> Output that was written goes out as long as it moves. If none has moved for
 * the time of 256 characters (at least half a second, at most ten) it is discarded, so that {@link
 * #close} returns though the other end never lets it through. Then the settings from before {@link
 * #open} come back. All of that happens on another thread, and the closing fiber is parked
 * meanwhile. {@link #release} gives the port away as it is.
 */
public final class SerialPort extends ByteStream {
    private static final long SHORTEST_LOOK_NANOS = 1_000_000;
    private static final long LONGEST_LOOK_NANOS = 50_000_000;

    private final Descriptor descriptor;
    private volatile SerialSettings settings;

    private SerialPort(Fd fd, SerialSettings settings) {
        super(fd);
        descriptor = fd.descriptor();
        this.settings = settings;
    }

    /**
     * Opens a port on the current loop and sets it up. The modem's lines are ignored, and it does
     * not become the controlling terminal. Parks; on failure nothing stays open or changed.
     *
     * @throws NoSuchFileException if there is no such device
     * @throws AccessDeniedException if this user may not open it
     * @throws SystemCallException if it is no terminal ({@code ENOTTY}), or its driver does not
     *     take a setting ({@code EINVAL}; the message names it)
     */
    public static SerialPort open(String path, SerialSettings settings) throws IOException {
        Descriptor descriptor =
                PathOpening.open(Loop.current().engine(), path, Fcntl.O_RDWR, Kind.SERIAL);
        var port = new SerialPort(new Fd(descriptor), settings);
        try {
            port.setUp(settings);
            return port;
        } catch (IOException | RuntimeException e) {
            port.close();
            throw e;
        }
    }

    /** Like {@link #open(String, SerialSettings)}. */
    public static SerialPort open(Path path, SerialSettings settings) throws IOException {
        return open(path.toString(), settings);
    }

    private void setUp(SerialSettings wanted) throws IOException {
        var former = new LineSettings();
        descriptor.call("ioctl(TCGETS2)", former::load);
        descriptor.beforeClose((errno, number) -> {
            Transmitter.settle(errno, number, settings);
            return former.store(errno, number);
        });
        set(wanted);
    }

    /**
     * Changes the settings; takes effect at once, also on output that has not gone out. Parks.
     *
     * @throws SystemCallException if the driver does not take one of them; others may be set then
     */
    public void configure(SerialSettings changed) throws IOException {
        set(changed);
        settings = changed;
    }

    private void set(SerialSettings wanted) throws IOException {
        var line = new LineSettings();
        descriptor.call("ioctl(TCGETS2)", line::load);
        line.apply(wanted);
        descriptor.blockingCall("ioctl(TCSETS2)", line::store);
        // The driver is silent about what it cannot do; only its own words tell.
        descriptor.call("ioctl(TCGETS2)", line::load);
        @Nullable String objection = line.objection(wanted);
        if (objection != null) {
            throw new SystemCallException(
                    "ioctl(TCSETS2)", "EINVAL", toString(), "the driver has " + objection);
        }
    }

    /** The settings that were asked for last. */
    public SerialSettings settings() {
        return settings;
    }

    /**
     * Waits until everything that was written has left the device, as far as its driver can tell.
     * Cancellable; what a stalled line holds back is waited for as long as it takes.
     */
    public void drain() throws IOException {
        long left = descriptor.blockingCall("ioctl(TIOCOUTQ)", Transmitter::pending);
        while (left > 0) {
            long time = settings.nanosOf(left);
            Fiber.sleep(
                    Duration.ofNanos(Math.clamp(time, SHORTEST_LOOK_NANOS, LONGEST_LOOK_NANOS)));
            left = descriptor.blockingCall("ioctl(TIOCOUTQ)", Transmitter::pending);
        }
    }

    /**
     * Throws away what has arrived and was not read, left-over bytes included; waits for its turn
     * among the readers.
     */
    public void discardInput() throws IOException {
        drainBuffered();
        flush(Termios.TCIFLUSH);
    }

    /** Throws away what was written and has not gone out. */
    public void discardOutput() throws IOException {
        flush(Termios.TCOFLUSH);
    }

    private void flush(int queue) throws IOException {
        descriptor.blockingCall(
                "ioctl(TCFLSH)",
                (errno, number) -> SysIoctl.ioctl(errno, number, SysIoctl.TCFLSH, queue));
    }

    /**
     * Whether further opens of the device are refused with {@code EBUSY}; not those of root. It
     * ends with the last close.
     */
    public void exclusive(boolean alone) throws IOException {
        int request = alone ? SysIoctl.TIOCEXCL : SysIoctl.TIOCNXCL;
        descriptor.call(
                "ioctl(TIOCEXCL)", (errno, number) -> SysIoctl.ioctl(errno, number, request, 0));
    }
}
