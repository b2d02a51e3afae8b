package dev.volokno.tty;

import dev.volokno.linux.Serial;
import java.nio.ByteBuffer;

/**
 * What the driver of a port has counted since it was loaded ({@code TIOCGICOUNT}); each number
 * starts again from 0 after 2<sup>32</sup> - 1, so differences are what counts. What a driver does
 * not count stays 0.
 *
 * @param received characters
 * @param sent characters
 * @param framing characters without a stop bit where it should be: as a rule the wrong baud rate
 * @param overruns characters lost because the device's memory was full
 * @param parity characters with the wrong parity
 * @param breaks breaks received
 * @param bufferOverruns characters lost because nobody read them in time
 */
public record SerialCounters(
        long received,
        long sent,
        long framing,
        long overruns,
        long parity,
        long breaks,
        long bufferOverruns) {
    static SerialCounters of(ByteBuffer counters) {
        return new SerialCounters(
                at(counters, Serial.ICOUNTER_RX),
                at(counters, Serial.ICOUNTER_TX),
                at(counters, Serial.ICOUNTER_FRAME),
                at(counters, Serial.ICOUNTER_OVERRUN),
                at(counters, Serial.ICOUNTER_PARITY),
                at(counters, Serial.ICOUNTER_BRK),
                at(counters, Serial.ICOUNTER_BUF_OVERRUN));
    }

    private static long at(ByteBuffer counters, int offset) {
        return Integer.toUnsignedLong(counters.getInt(offset));
    }
}
