package dev.volokno.tty;

import dev.volokno.linux.Serial;
import dev.volokno.linux.SysIoctl;
import java.util.EnumSet;
import java.util.Set;

/** A wire beside the data, as seen from the computer. */
public enum ModemLine {
    /** Data terminal ready: ours. */
    DTR(SysIoctl.TIOCM_DTR, ModemLine.OURS),
    /** Request to send: ours. */
    RTS(SysIoctl.TIOCM_RTS, ModemLine.OURS),
    /** Clear to send: the other end's. */
    CTS(SysIoctl.TIOCM_CTS, Serial.ICOUNTER_CTS),
    /** Data set ready: the other end's. */
    DSR(SysIoctl.TIOCM_DSR, Serial.ICOUNTER_DSR),
    /** Data carrier detect: the other end's. */
    DCD(SysIoctl.TIOCM_CD, Serial.ICOUNTER_DCD),
    /** Ring indicator: the other end's. */
    RI(SysIoctl.TIOCM_RI, Serial.ICOUNTER_RNG);

    private static final int OURS = -1;

    private final int bit;
    private final int counter;

    ModemLine(int bit, int counter) {
        this.bit = bit;
        this.counter = counter;
    }

    /** Whether the computer sets it; the others it only reads. */
    public boolean isOutput() {
        return counter == OURS;
    }

    int bit() {
        return bit;
    }

    /** Where {@code struct serial_icounter_struct} counts its changes. */
    int counter() {
        return counter;
    }

    static Set<ModemLine> of(int bits) {
        var lines = EnumSet.noneOf(ModemLine.class);
        for (ModemLine line : values()) {
            if ((bits & line.bit) != 0) {
                lines.add(line);
            }
        }
        return lines;
    }
}
