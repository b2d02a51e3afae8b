package dev.volokno.tty;

import dev.volokno.HangUpException;
import dev.volokno.SystemCallException;
import dev.volokno.backend.DirectOperation;
import dev.volokno.descriptor.Descriptor;
import dev.volokno.descriptor.Kind;
import dev.volokno.descriptor.PathOpening;
import dev.volokno.descriptor.Turns.Direction;
import dev.volokno.fd.ByteStream;
import dev.volokno.fd.Fd;
import dev.volokno.fd.LineTooLongException;
import dev.volokno.fiber.Fiber;
import dev.volokno.fiber.Offload;
import dev.volokno.fiber.Scope;
import dev.volokno.linux.Fcntl;
import dev.volokno.linux.Serial;
import dev.volokno.linux.SysIoctl;
import dev.volokno.linux.Termios;
import dev.volokno.loop.Loop;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
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
 * #close} returns though the other end never lets it through. Then the settings from before the
 * opening come back. All of that happens on another thread, and the closing fiber is parked
 * meanwhile. A port that is open when the JVM ends gets its settings back too, by a shutdown hook.
 * {@link #release} gives the port away as it is.
 */
public final class SerialPort extends ByteStream {
    private static final long SHORTEST_LOOK_NANOS = 1_000_000;
    private static final long LONGEST_LOOK_NANOS = 50_000_000;

    /** Calls that must be made once begun; each is short, or bound to its device. */
    private static final Duration LOCK_GRACE = Duration.ofSeconds(30);

    private static final Duration BREAK_GRACE = Duration.ofSeconds(30);

    private final Descriptor descriptor;
    private final PortState state;
    private final Modem modem;

    private SerialPort(Fd fd, SerialSettings settings) {
        super(fd);
        descriptor = fd.descriptor();
        state = new PortState(descriptor, settings);
        modem = new Modem(descriptor);
    }

    /**
     * The ports of this machine that have a device behind them, in the order of their names, with
     * what the kernel knows of that device. Parks.
     */
    public static List<SerialDevice> list() throws IOException {
        return Offload.call(SerialDevices.OF_THIS_MACHINE::list);
    }

    /**
     * Opens a port on the current loop and sets it up. The modem's lines are ignored, and it does
     * not become the controlling terminal. Parks; on failure nothing stays open or changed.
     *
     * @throws NoSuchFileException if there is no such device
     * @throws AccessDeniedException if this user may not open it
     * @throws FileAlreadyExistsException if it has a lock file, and that was asked for
     * @throws SystemCallException if it is no terminal ({@code ENOTTY}), is somebody's alone
     *     ({@code EBUSY}), or its driver does not take a setting ({@code EINVAL}; the message names
     *     it)
     */
    public static SerialPort open(String path, SerialSettings settings, SerialOption... options)
            throws IOException {
        Objects.requireNonNull(settings, "settings");
        Set<SerialOption> wanted = Set.of(options);
        if (!wanted.contains(SerialOption.LOCK_FILE)) {
            return open(path, settings, wanted, null);
        }
        LockFile lock = Scope.shield(LOCK_GRACE, () -> Offload.call(() -> lock(path)));
        try {
            return open(path, settings, wanted, lock);
        } catch (IOException | RuntimeException e) {
            lock.release();
            throw e;
        }
    }

    private static LockFile lock(String path) throws IOException {
        return LockFile.take(LockFile.DIRECTORY, Path.of(path));
    }

    private static SerialPort open(
            String path, SerialSettings settings, Set<SerialOption> wanted, @Nullable LockFile lock)
            throws IOException {
        Descriptor descriptor =
                PathOpening.open(Loop.current().engine(), path, Fcntl.O_RDWR, Kind.SERIAL);
        var port = new SerialPort(new Fd(descriptor), settings);
        try {
            port.setUp(settings, wanted, lock);
            return port;
        } catch (IOException | RuntimeException e) {
            port.close();
            throw e;
        }
    }

    /** Like {@link #open(String, SerialSettings, SerialOption...)}. */
    public static SerialPort open(Path path, SerialSettings settings, SerialOption... options)
            throws IOException {
        return open(path.toString(), settings, options);
    }

    private void setUp(SerialSettings wanted, Set<SerialOption> options, @Nullable LockFile lock)
            throws IOException {
        state.keep(lock);
        set(wanted);
        if (options.contains(SerialOption.EXCLUSIVE)) {
            exclusive(true);
        }
        if (options.contains(SerialOption.LOW_LATENCY)) {
            state.lowLatency(true);
        }
    }

    /**
     * Changes the settings; takes effect at once, also on output that has not gone out. Parks.
     *
     * @throws SystemCallException if the driver does not take one of them; others may be set then
     */
    public void configure(SerialSettings changed) throws IOException {
        set(Objects.requireNonNull(changed, "settings"));
        state.settings(changed);
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
            throw state.refused("ioctl(TCSETS2)", objection);
        }
    }

    /** The settings that were asked for last. */
    public SerialSettings settings() {
        return state.settings();
    }

    /**
     * Reads a frame that ends with silence: waits for its first byte, and then until none has come
     * for {@code gap}, counted from when the last one was received here. The gap is never cut
     * short; when the loop is late or the driver hands characters over in batches, frames that
     * follow each other closely come as one. VTIME is not used, which a non-blocking read ignores.
     *
     * <p>If that cannot be (cancelled, out of time, more than the buffer has room for) nothing is
     * consumed: what came is left over for the next read.
     *
     * @return how many bytes were put into the buffer
     * @throws LineTooLongException if more bytes than the buffer has room for came without a gap
     * @throws IllegalArgumentException if the gap is negative
     */
    public int readFrame(ByteBuffer target, Duration gap) throws IOException {
        if (gap.isNegative()) {
            throw new IllegalArgumentException("a gap of " + gap);
        }
        return readUntilSilence(target, gap);
    }

    /**
     * Waits until everything that was written has left the device, as far as its driver can tell.
     * Cancellable; what a stalled line holds back is waited for as long as it takes.
     */
    public void drain() throws IOException {
        long left = descriptor.blockingCall("ioctl(TIOCOUTQ)", Transmitter::pending);
        while (left > 0) {
            long time = state.settings().nanosOf(left);
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

    /** The modem's lines. */
    public Modem modem() {
        return modem;
    }

    /**
     * Waits until everything was sent, holds the line in the break condition for {@code time}, and
     * lets it go again, also when cancelled or closed meanwhile. Other writers wait for their turn.
     *
     * @throws IllegalArgumentException if the time is negative
     */
    public void sendBreak(Duration time) throws IOException {
        if (time.isNegative()) {
            throw new IllegalArgumentException("a break of " + time);
        }
        descriptor.enter(Direction.WRITE);
        try {
            drain();
            descriptor.perform(breakCall("ioctl(TIOCSBRK)", SysIoctl.TIOCSBRK));
            try {
                Ioctl.rest(descriptor, time);
            } finally {
                endBreak();
            }
        } finally {
            descriptor.leave(Direction.WRITE);
        }
    }

    /** On whatever way out: neither a close nor a cancellation may leave the line broken. */
    private void endBreak() throws IOException {
        var end = breakCall("ioctl(TIOCCBRK)", SysIoctl.TIOCCBRK);
        long result = Scope.shield(BREAK_GRACE, () -> descriptor.engine().perform(end));
        descriptor.check(end, result);
    }

    /** Of the number rather than the descriptor, which may be closing; its user is inside. */
    private DirectOperation breakCall(String name, int request) {
        int number = descriptor.number();
        return DirectOperation.blocking(
                null, name, (errno, none) -> SysIoctl.ioctl(errno, number, request, 0));
    }

    /** What the driver has counted ({@code ENOTTY} if it does not count). */
    public SerialCounters counters() throws IOException {
        return SerialCounters.of(
                Ioctl.quick(
                        descriptor,
                        "ioctl(TIOCGICOUNT)",
                        SysIoctl.TIOCGICOUNT,
                        Ioctl.structure(Serial.ICOUNTER_SIZE)));
    }

    /** How the driver turns the line around ({@code ENOTTY} if it cannot). Parks. */
    public Rs485 rs485() throws IOException {
        return Rs485.of(state.rs485Now());
    }

    /**
     * Has the driver turn a half-duplex line around by itself; the former state comes back at the
     * end. Parks.
     *
     * @throws SystemCallException with {@code ENOTTY} if it cannot, with {@code EINVAL} if it does
     *     something else than was asked for
     */
    public void rs485(Rs485 wanted) throws IOException {
        state.rs485(wanted);
    }

    /**
     * Has the driver hand over each character as it comes, or not ({@link
     * SerialOption#LOW_LATENCY}); the former state comes back at the end. Parks.
     *
     * @throws SystemCallException with {@code ENOTTY} or {@code EINVAL} if it cannot
     */
    public void lowLatency(boolean wanted) throws IOException {
        state.lowLatency(wanted);
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
