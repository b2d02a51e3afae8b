package dev.volokno.tty;

import dev.volokno.SystemCallException;
import dev.volokno.descriptor.Descriptor;
import dev.volokno.linux.Serial;
import dev.volokno.linux.SysIoctl;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** What a port was before it was opened, and gets back when it is closed or the JVM ends. */
final class PortState {
    /** At the JVM's end output goes out for so long at most. */
    private static final long EXIT_PATIENCE_NANOS = 2_000_000_000;

    private static final System.Logger LOGGER = System.getLogger("dev.volokno");

    private final Descriptor descriptor;
    private final LineSettings line = new LineSettings();
    private volatile SerialSettings settings;
    private volatile @Nullable LockFile lock;
    private volatile @Nullable ByteBuffer formerSerial;
    private volatile @Nullable ByteBuffer formerRs485;

    PortState(Descriptor descriptor, SerialSettings settings) {
        this.descriptor = descriptor;
        this.settings = settings;
    }

    /** Remembers how it is now, and sees to it that it will be so again. */
    void keep(@Nullable LockFile taken) throws IOException {
        descriptor.call("ioctl(TCGETS2)", line::load);
        lock = taken;
        descriptor.beforeClose(this::atClose);
        AtExit.make(descriptor, this::atExit);
    }

    SerialSettings settings() {
        return settings;
    }

    void settings(SerialSettings changed) {
        settings = changed;
    }

    private long atClose(MemorySegment errno, int number) {
        AtExit.forget(descriptor);
        Transmitter.settle(errno, number, settings, Long.MAX_VALUE);
        return putBack(errno, number);
    }

    private long atExit(MemorySegment errno, int number) {
        Transmitter.settle(errno, number, settings, EXIT_PATIENCE_NANOS);
        return putBack(errno, number);
    }

    private long putBack(MemorySegment errno, int number) {
        ByteBuffer serial = formerSerial;
        ByteBuffer rs485 = formerRs485;
        if (rs485 != null) {
            Ioctl.make(errno, number, SysIoctl.TIOCSRS485, rs485);
        }
        if (serial != null) {
            Ioctl.make(errno, number, SysIoctl.TIOCSSERIAL, serial);
        }
        long result = line.store(errno, number);
        unlock();
        return result;
    }

    void unlock() {
        LockFile held = lock;
        if (held != null) {
            try {
                held.release();
            } catch (IOException e) {
                // Nobody who could be told waits here; the next one finds the lock stale.
                LOGGER.log(System.Logger.Level.WARNING, "the lock of " + descriptor, e);
            }
        }
    }

    void lowLatency(boolean wanted) throws IOException {
        ByteBuffer before = serial();
        if (isLowLatency(before) == wanted) {
            return;
        }
        ByteBuffer changed = Ioctl.structure(Serial.SERIAL_SIZE).put(0, before, 0, before.limit());
        changed.putInt(
                Serial.SERIAL_FLAGS,
                changed.getInt(Serial.SERIAL_FLAGS) ^ Serial.ASYNC_LOW_LATENCY);
        if (formerSerial == null) {
            formerSerial = before;
        }
        Ioctl.slow(descriptor, "ioctl(TIOCSSERIAL)", SysIoctl.TIOCSSERIAL, changed);
        if (isLowLatency(serial()) != wanted) {
            throw refused("ioctl(TIOCSSERIAL)", "another latency than was asked for");
        }
    }

    private ByteBuffer serial() throws IOException {
        return Ioctl.slow(
                descriptor,
                "ioctl(TIOCGSERIAL)",
                SysIoctl.TIOCGSERIAL,
                Ioctl.structure(Serial.SERIAL_SIZE));
    }

    private static boolean isLowLatency(ByteBuffer serial) {
        return (serial.getInt(Serial.SERIAL_FLAGS) & Serial.ASYNC_LOW_LATENCY) != 0;
    }

    void rs485(Rs485 wanted) throws IOException {
        ByteBuffer before = rs485Now();
        if (formerRs485 == null) {
            formerRs485 = before;
        }
        ByteBuffer taken =
                Ioctl.slow(
                        descriptor, "ioctl(TIOCSRS485)", SysIoctl.TIOCSRS485, wanted.structure());
        // The kernel writes back what it has made of it.
        @Nullable String objection = Rs485.of(taken).objection(wanted);
        if (objection != null) {
            throw refused("ioctl(TIOCSRS485)", objection);
        }
    }

    ByteBuffer rs485Now() throws IOException {
        return Ioctl.slow(
                descriptor,
                "ioctl(TIOCGRS485)",
                SysIoctl.TIOCGRS485,
                Ioctl.structure(Serial.RS485_SIZE));
    }

    SystemCallException refused(String call, String objection) {
        return new SystemCallException(
                call, "EINVAL", descriptor.toString(), "the driver has " + objection);
    }
}
