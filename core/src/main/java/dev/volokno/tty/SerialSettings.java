package dev.volokno.tty;

/**
 * How a serial line is to run. Immutable; the methods that begin with "with" give a changed copy.
 *
 * @param baud symbols per second, any positive number; the driver may refuse what its clock cannot
 *     make
 * @param dataBits 5 to 8
 * @param parity what follows the data bits
 * @param stopBits 1 or 2
 * @param flowControl how an end tells the other to wait
 */
public record SerialSettings(
        int baud, int dataBits, Parity parity, int stopBits, FlowControl flowControl) {
    /** The bit after the data bits, by which the receiver may notice an error. */
    public enum Parity {
        /** There is none. */
        NONE,
        /** It makes the number of ones even. */
        EVEN,
        /** It makes the number of ones odd. */
        ODD,
        /** It is always one. */
        MARK,
        /** It is always zero. */
        SPACE
    }

    /** How an end tells the other to wait. */
    public enum FlowControl {
        /** Not at all. */
        NONE,
        /** By the lines RTS and CTS. */
        RTS_CTS,
        /** By the characters XON (0x11) and XOFF (0x13), which are no data then. */
        XON_XOFF
    }

    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException naming the one that no line can have
     */
    public SerialSettings {
        require(baud > 0, "a baud rate is positive, not ", baud);
        require(dataBits >= 5 && dataBits <= 8, "a character has 5 to 8 data bits, not ", dataBits);
        require(stopBits == 1 || stopBits == 2, "a character has 1 or 2 stop bits, not ", stopBits);
    }

    private static void require(boolean condition, String otherwise, int value) {
        if (!condition) {
            throw new IllegalArgumentException(otherwise + value);
        }
    }

    /** {@code baud}, 8 data bits, no parity, 1 stop bit, no flow control. */
    public static SerialSettings of(int baud) {
        return new SerialSettings(baud, 8, Parity.NONE, 1, FlowControl.NONE);
    }

    /** The same with another rate. */
    public SerialSettings withBaud(int changed) {
        return new SerialSettings(changed, dataBits, parity, stopBits, flowControl);
    }

    /** The same with {@code changed} data bits, 5 to 8. */
    public SerialSettings withDataBits(int changed) {
        return new SerialSettings(baud, changed, parity, stopBits, flowControl);
    }

    /** The same with another parity. */
    public SerialSettings withParity(Parity changed) {
        return new SerialSettings(baud, dataBits, changed, stopBits, flowControl);
    }

    /** The same with {@code changed} stop bits, 1 or 2. */
    public SerialSettings withStopBits(int changed) {
        return new SerialSettings(baud, dataBits, parity, changed, flowControl);
    }

    /** The same with another flow control. */
    public SerialSettings withFlowControl(FlowControl changed) {
        return new SerialSettings(baud, dataBits, parity, stopBits, changed);
    }

    /** How long {@code characters} take on the line. */
    long nanosOf(long characters) {
        int bits = 1 + dataBits + (parity == Parity.NONE ? 0 : 1) + stopBits;
        return characters * bits * 1_000_000_000L / baud;
    }
}
