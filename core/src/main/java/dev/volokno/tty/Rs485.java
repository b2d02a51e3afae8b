package dev.volokno.tty;

import dev.volokno.linux.Serial;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a driver turns a half-duplex RS-485 line around ({@code struct serial_rs485}). Immutable; the
 * methods that begin with "with" give a changed copy.
 *
 * @param enabled whether it does at all
 * @param rtsOnSend the level of RTS, which switches the transmitter, while it sends
 * @param rtsAfterSend its level afterwards
 * @param receiveWhileSending whether what is sent is received too
 * @param terminated whether the device's terminating resistor is on the bus
 * @param delayBefore between RTS and the first character, in whole milliseconds
 * @param delayAfter between the last character and RTS, in whole milliseconds
 */
public record Rs485(
        boolean enabled,
        boolean rtsOnSend,
        boolean rtsAfterSend,
        boolean receiveWhileSending,
        boolean terminated,
        Duration delayBefore,
        Duration delayAfter) {
    private static final int[] FLAGS = {
        Serial.SER_RS485_ENABLED,
        Serial.SER_RS485_RTS_ON_SEND,
        Serial.SER_RS485_RTS_AFTER_SEND,
        Serial.SER_RS485_RX_DURING_TX,
        Serial.SER_RS485_TERMINATE_BUS
    };

    /**
     * Checks the delays.
     *
     * @throws IllegalArgumentException if one is negative or no driver could take it
     */
    public Rs485 {
        requireMillis(delayBefore);
        requireMillis(delayAfter);
    }

    private static void requireMillis(Duration delay) {
        if (delay.isNegative() || delay.toMillis() > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("a delay of " + delay);
        }
    }

    /** Switched on, RTS on while it sends, without delays. */
    public static Rs485 on() {
        return new Rs485(true, true, false, false, false, Duration.ZERO, Duration.ZERO);
    }

    /** Switched off: a line with two directions. */
    public static Rs485 off() {
        return new Rs485(false, false, false, false, false, Duration.ZERO, Duration.ZERO);
    }

    /** The same with RTS at the opposite levels. */
    public Rs485 withRtsInverted() {
        return new Rs485(
                enabled,
                !rtsOnSend,
                !rtsAfterSend,
                receiveWhileSending,
                terminated,
                delayBefore,
                delayAfter);
    }

    /** The same with other delays. */
    public Rs485 withDelays(Duration before, Duration after) {
        return new Rs485(
                enabled, rtsOnSend, rtsAfterSend, receiveWhileSending, terminated, before, after);
    }

    ByteBuffer structure() {
        boolean[] values = values();
        int flags = 0;
        for (int i = 0; i < FLAGS.length; i++) {
            flags |= values[i] ? FLAGS[i] : 0;
        }
        return Ioctl.structure(Serial.RS485_SIZE)
                .putInt(Serial.RS485_FLAGS, flags)
                .putInt(Serial.RS485_DELAY_BEFORE, (int) delayBefore.toMillis())
                .putInt(Serial.RS485_DELAY_AFTER, (int) delayAfter.toMillis());
    }

    private boolean[] values() {
        return new boolean[] {enabled, rtsOnSend, rtsAfterSend, receiveWhileSending, terminated};
    }

    static Rs485 of(ByteBuffer structure) {
        int flags = structure.getInt(Serial.RS485_FLAGS);
        return new Rs485(
                (flags & Serial.SER_RS485_ENABLED) != 0,
                (flags & Serial.SER_RS485_RTS_ON_SEND) != 0,
                (flags & Serial.SER_RS485_RTS_AFTER_SEND) != 0,
                (flags & Serial.SER_RS485_RX_DURING_TX) != 0,
                (flags & Serial.SER_RS485_TERMINATE_BUS) != 0,
                delay(structure, Serial.RS485_DELAY_BEFORE),
                delay(structure, Serial.RS485_DELAY_AFTER));
    }

    private static Duration delay(ByteBuffer structure, int offset) {
        return Duration.ofMillis(Integer.toUnsignedLong(structure.getInt(offset)));
    }

    /** What differs from {@code wanted}, in words; null if nothing does. */
    @Nullable String objection(Rs485 wanted) {
        if (!wanted.enabled && !enabled) {
            return null;
        }
        return equals(wanted.inMillis()) ? null : "RS-485 as " + this + " instead of " + wanted;
    }

    private Rs485 inMillis() {
        return withDelays(
                Duration.ofMillis(delayBefore.toMillis()),
                Duration.ofMillis(delayAfter.toMillis()));
    }
}
