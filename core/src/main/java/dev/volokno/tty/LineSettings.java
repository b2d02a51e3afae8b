package dev.volokno.tty;

import dev.volokno.linux.SysIoctl;
import dev.volokno.linux.Termios;
import dev.volokno.tty.SerialSettings.FlowControl;
import dev.volokno.tty.SerialSettings.Parity;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;
import org.jspecify.annotations.Nullable;

/** A {@code struct termios2} of our own: what a terminal's driver is told, or has told. */
final class LineSettings {
    private static final int PARITY_BITS = Termios.PARENB | Termios.PARODD | Termios.CMSPAR;
    private static final int XON_XOFF_BITS = Termios.IXON | Termios.IXOFF;
    private static final int COOKED = Termios.ICANON | Termios.ECHO | Termios.ISIG | Termios.IEXTEN;
    private static final byte XON = 0x11;
    private static final byte XOFF = 0x13;

    /** A receiver follows a rate that is off by this much. */
    private static final double BAUD_TOLERANCE = 0.03;

    private final MemorySegment memory = Arena.ofAuto().allocate(Termios.SIZE, 8);

    /** Asks a terminal for its settings. */
    long load(MemorySegment errno, int number) {
        return ioctl(errno, number, SysIoctl.TCGETS2);
    }

    /** Gives a terminal these settings, at once. */
    long store(MemorySegment errno, int number) {
        return ioctl(errno, number, SysIoctl.TCSETS2);
    }

    private long ioctl(MemorySegment errno, int number, int request) {
        try {
            return SysIoctl.ioctl(errno, number, request, memory.address());
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    LineSettings copy() {
        var copy = new LineSettings();
        copy.memory.copyFrom(memory);
        return copy;
    }

    /**
     * No translation, no echo, no signals, no line editing; a read waits for one byte. Of the
     * control flags only the character's form changes: 8 bits, no parity.
     */
    void makeRaw() {
        put(Termios.IFLAG, 0);
        put(Termios.OFLAG, 0);
        put(Termios.LFLAG, 0);
        put(Termios.CFLAG, (cflag() & ~(Termios.CSIZE | PARITY_BITS)) | Termios.CSIZE);
        putCharacter(Termios.VMIN, (byte) 1);
        putCharacter(Termios.VTIME, (byte) 0);
    }

    /** Each byte at once, without echo; all else stays. */
    void makeCbreak() {
        put(Termios.LFLAG, get(Termios.LFLAG) & ~(Termios.ICANON | Termios.ECHO));
        putCharacter(Termios.VMIN, (byte) 1);
        putCharacter(Termios.VTIME, (byte) 0);
    }

    /** Raw, as {@code wanted}, without regard to the modem's lines. */
    void apply(SerialSettings wanted) {
        makeRaw();
        boolean byCharacters = wanted.flowControl() == FlowControl.XON_XOFF;
        boolean checked = wanted.parity() != Parity.NONE;
        put(Termios.IFLAG, (byCharacters ? XON_XOFF_BITS : 0) | (checked ? Termios.INPCK : 0));
        putCharacter(Termios.VSTART, XON);
        putCharacter(Termios.VSTOP, XOFF);
        int kept = cflag() & Termios.HUPCL;
        put(Termios.CFLAG, kept | Termios.CREAD | Termios.CLOCAL | form(wanted));
        put(Termios.ISPEED, wanted.baud());
        put(Termios.OSPEED, wanted.baud());
    }

    private static int form(SerialSettings wanted) {
        return Termios.codeOf(wanted.baud())
                | (wanted.dataBits() - 5) << 4
                | parityBits(wanted.parity())
                | (wanted.stopBits() == 2 ? Termios.CSTOPB : 0)
                | (wanted.flowControl() == FlowControl.RTS_CTS ? Termios.CRTSCTS : 0);
    }

    private static int parityBits(Parity parity) {
        return switch (parity) {
            case NONE -> 0;
            case EVEN -> Termios.PARENB;
            case ODD -> Termios.PARENB | Termios.PARODD;
            case MARK -> Termios.PARENB | Termios.PARODD | Termios.CMSPAR;
            case SPACE -> Termios.PARENB | Termios.CMSPAR;
        };
    }

    /** What differs from {@code wanted}, in words; null if nothing does. */
    @Nullable String objection(SerialSettings wanted) {
        int input = get(Termios.IFLAG);
        int control = cflag();
        boolean byCharacters = (input & XON_XOFF_BITS) == XON_XOFF_BITS;
        boolean byLines = (control & Termios.CRTSCTS) != 0;
        if (Math.abs((long) baud() - wanted.baud()) > wanted.baud() * BAUD_TOLERANCE) {
            return "baud rate " + baud() + " instead of " + wanted.baud();
        }
        if (dataBits() != wanted.dataBits()) {
            return dataBits() + " data bits instead of " + wanted.dataBits();
        }
        if ((control & PARITY_BITS) != parityBits(wanted.parity())) {
            return "another parity than " + wanted.parity();
        }
        if (stopBits() != wanted.stopBits()) {
            return stopBits() + " stop bits instead of " + wanted.stopBits();
        }
        if (byCharacters != (wanted.flowControl() == FlowControl.XON_XOFF)
                || byLines != (wanted.flowControl() == FlowControl.RTS_CTS)) {
            return "another flow control than " + wanted.flowControl();
        }
        return isRaw() ? null : "a mode that is not raw";
    }

    private boolean isRaw() {
        return (get(Termios.LFLAG) & COOKED) == 0
                && (get(Termios.OFLAG) & Termios.OPOST) == 0
                && memory.get(ValueLayout.JAVA_BYTE, Termios.CC + Termios.VMIN) == 1;
    }

    int baud() {
        return get(Termios.OSPEED);
    }

    private int dataBits() {
        return 5 + ((cflag() & Termios.CSIZE) >> 4);
    }

    private int stopBits() {
        return (cflag() & Termios.CSTOPB) == 0 ? 1 : 2;
    }

    private int cflag() {
        return get(Termios.CFLAG);
    }

    private int get(int offset) {
        return memory.get(ValueLayout.JAVA_INT, offset);
    }

    private void put(int offset, int value) {
        memory.set(ValueLayout.JAVA_INT, offset, value);
    }

    private void putCharacter(int index, byte value) {
        memory.set(ValueLayout.JAVA_BYTE, (long) Termios.CC + index, value);
    }
}
