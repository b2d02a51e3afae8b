package dev.volokno.linux;

import static dev.volokno.linux.AbiTable.offset;
import static dev.volokno.linux.AbiTable.size;

import java.util.List;
import java.util.Map;

/** Terminals and serial ports. */
final class TtyAbi {
    private static final String SERIAL = "struct serial_struct";
    private static final String RS485 = "struct serial_rs485";
    private static final String ICOUNTER = "struct serial_icounter_struct";

    static final AbiTable TABLE =
            new AbiTable(
                    List.of("linux/serial.h"),
                    List.of(),
                    Map.ofEntries(
                            size("Serial.SERIAL_SIZE", SERIAL),
                            offset("Serial.SERIAL_FLAGS", SERIAL, "flags"),
                            size("Serial.RS485_SIZE", RS485),
                            offset("Serial.RS485_FLAGS", RS485, "flags"),
                            offset("Serial.RS485_DELAY_BEFORE", RS485, "delay_rts_before_send"),
                            offset("Serial.RS485_DELAY_AFTER", RS485, "delay_rts_after_send"),
                            size("Serial.ICOUNTER_SIZE", ICOUNTER),
                            offset("Serial.ICOUNTER_CTS", ICOUNTER, "cts"),
                            offset("Serial.ICOUNTER_DSR", ICOUNTER, "dsr"),
                            offset("Serial.ICOUNTER_RNG", ICOUNTER, "rng"),
                            offset("Serial.ICOUNTER_DCD", ICOUNTER, "dcd"),
                            offset("Serial.ICOUNTER_RX", ICOUNTER, "rx"),
                            offset("Serial.ICOUNTER_TX", ICOUNTER, "tx"),
                            offset("Serial.ICOUNTER_FRAME", ICOUNTER, "frame"),
                            offset("Serial.ICOUNTER_OVERRUN", ICOUNTER, "overrun"),
                            offset("Serial.ICOUNTER_PARITY", ICOUNTER, "parity"),
                            offset("Serial.ICOUNTER_BRK", ICOUNTER, "brk"),
                            offset("Serial.ICOUNTER_BUF_OVERRUN", ICOUNTER, "buf_overrun")),
                    Map.of(),
                    List.of());

    private TtyAbi() {}
}
