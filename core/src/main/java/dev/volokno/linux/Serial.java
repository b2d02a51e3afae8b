package dev.volokno.linux;

/**
 * {@code <linux/serial.h>}: what drivers of serial ports are told and tell. x86-64 and aarch64
 * share the layouts.
 */
public final class Serial {
    /** Size of {@code struct serial_struct}. */
    public static final int SERIAL_SIZE = 72;

    /** Where its flags are. */
    public static final int SERIAL_FLAGS = 16;

    public static final int ASYNC_LOW_LATENCY = 0x2000;

    /** Size of {@code struct serial_rs485}. */
    public static final int RS485_SIZE = 32;

    // Where its fields are.
    public static final int RS485_FLAGS = 0;
    public static final int RS485_DELAY_BEFORE = 4;
    public static final int RS485_DELAY_AFTER = 8;

    public static final int SER_RS485_ENABLED = 0x01;
    public static final int SER_RS485_RTS_ON_SEND = 0x02;
    public static final int SER_RS485_RTS_AFTER_SEND = 0x04;
    public static final int SER_RS485_RX_DURING_TX = 0x10;
    public static final int SER_RS485_TERMINATE_BUS = 0x20;

    /** Size of {@code struct serial_icounter_struct}. */
    public static final int ICOUNTER_SIZE = 80;

    // Where its fields are.
    public static final int ICOUNTER_CTS = 0;
    public static final int ICOUNTER_DSR = 4;
    public static final int ICOUNTER_RNG = 8;
    public static final int ICOUNTER_DCD = 12;
    public static final int ICOUNTER_RX = 16;
    public static final int ICOUNTER_TX = 20;
    public static final int ICOUNTER_FRAME = 24;
    public static final int ICOUNTER_OVERRUN = 28;
    public static final int ICOUNTER_PARITY = 32;
    public static final int ICOUNTER_BRK = 36;
    public static final int ICOUNTER_BUF_OVERRUN = 40;

    private Serial() {}
}
