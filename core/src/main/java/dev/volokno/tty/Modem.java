package dev.volokno.tty;

import dev.volokno.SystemCallException;
import dev.volokno.descriptor.Descriptor;
import dev.volokno.linux.Serial;
import dev.volokno.linux.SysIoctl;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;

/**
 * The modem's lines of a serial port. Reading and setting them may take a transfer on the bus of a
 * USB adapter, so it is done on another thread while the fiber parks.
 *
 * <p><b>Waiting.</b> {@code TIOCMIWAIT} would hold a thread, and the open file too, until a line
 * changes: nothing but a signal ends it, not even close(2). So the driver is asked every 10
 * milliseconds while somebody waits, and only then, by a timer of the loop. Where the driver counts
 * changes ({@code TIOCGICOUNT}, which it answers from memory) no pulse is lost between two looks,
 * however short; where it does not, the lines themselves are compared, and a pulse shorter than
 * that may be missed. Every wait is cancellable, and ends when the port is closed or hung up.
 *
 * <p>A pseudo-terminal has no such lines: every call throws {@link SystemCallException} with {@code
 * ENOTTY}.
 */
public final class Modem {
    private static final Duration LOOK = Duration.ofMillis(10);

    private final Descriptor descriptor;

    Modem(Descriptor descriptor) {
        this.descriptor = descriptor;
    }

    /** The lines that are on, ours and the other end's. Parks. */
    public Set<ModemLine> lines() throws IOException {
        return ModemLine.of(bits());
    }

    private int bits() throws IOException {
        return Ioctl.slow(descriptor, "ioctl(TIOCMGET)", SysIoctl.TIOCMGET, Ioctl.ofInt(0))
                .getInt(0);
    }

    /**
     * Switches lines on; the others stay as they are. Parks.
     *
     * @throws IllegalArgumentException if one of them is the other end's
     */
    public void raise(ModemLine... lines) throws IOException {
        set("ioctl(TIOCMBIS)", SysIoctl.TIOCMBIS, lines);
    }

    /**
     * Switches lines off; the others stay as they are. Parks.
     *
     * @throws IllegalArgumentException if one of them is the other end's
     */
    public void lower(ModemLine... lines) throws IOException {
        set("ioctl(TIOCMBIC)", SysIoctl.TIOCMBIC, lines);
    }

    private void set(String name, int request, ModemLine... lines) throws IOException {
        int bits = 0;
        for (ModemLine line : lines) {
            require(line.isOutput(), line + " is the other end's to set");
            bits |= line.bit();
        }
        Ioctl.slow(descriptor, name, request, Ioctl.ofInt(bits));
    }

    /**
     * Waits until {@code line} is on, or off; returns at once if it is.
     *
     * @throws IllegalArgumentException if the line is ours
     */
    public void await(ModemLine line, boolean on) throws IOException {
        require(!line.isOutput(), line + " does not change by itself");
        while (lines().contains(line) != on) {
            awaitChange(line);
        }
    }

    /**
     * Waits until one of the lines has changed since the call began; one that is back to what it
     * was has changed too. The ring indicator may be told of at its end only.
     *
     * @return those that have changed
     * @throws IllegalArgumentException if one of them is ours, or there are none
     */
    public Set<ModemLine> awaitChange(ModemLine... lines) throws IOException {
        require(lines.length > 0, "no line to wait for");
        for (ModemLine line : lines) {
            require(!line.isOutput(), line + " does not change by itself");
        }
        return awaitChange(countsChanges() ? this::counts : this::levels, lines);
    }

    /** A number for each line, another one after each change. */
    @FunctionalInterface
    interface Look {
        int[] at(ModemLine... lines) throws IOException;
    }

    Set<ModemLine> awaitChange(Look look, ModemLine... lines) throws IOException {
        descriptor.enter();
        try {
            int[] before = look.at(lines);
            Set<ModemLine> changed = Set.of();
            while (changed.isEmpty()) {
                Ioctl.rest(descriptor, LOOK);
                changed = changed(before, look.at(lines), lines);
            }
            return changed;
        } finally {
            descriptor.leave();
        }
    }

    private static Set<ModemLine> changed(int[] before, int[] now, ModemLine... lines) {
        var changed = EnumSet.noneOf(ModemLine.class);
        for (int i = 0; i < lines.length; i++) {
            if (now[i] != before[i]) {
                changed.add(lines[i]);
            }
        }
        return changed;
    }

    private boolean countsChanges() throws IOException {
        try {
            counts();
            return true;
        } catch (SystemCallException e) {
            boolean unknown = e.errno().equals("ENOTTY") || e.errno().equals("EINVAL");
            if (!unknown) {
                throw e;
            }
            return false;
        }
    }

    private int[] counts(ModemLine... lines) throws IOException {
        var counters = Ioctl.structure(Serial.ICOUNTER_SIZE);
        Ioctl.quick(descriptor, "ioctl(TIOCGICOUNT)", SysIoctl.TIOCGICOUNT, counters);
        var counts = new int[lines.length];
        for (int i = 0; i < lines.length; i++) {
            counts[i] = counters.getInt(lines[i].counter());
        }
        return counts;
    }

    private int[] levels(ModemLine... lines) throws IOException {
        int bits = bits();
        var levels = new int[lines.length];
        for (int i = 0; i < lines.length; i++) {
            levels[i] = bits & lines[i].bit();
        }
        return levels;
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
