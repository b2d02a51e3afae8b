package dev.volokno.linux;

import java.util.List;
import java.util.Map;

/** Terminals and serial ports. */
final class TtyAbi {
    static final AbiTable TABLE =
            new AbiTable(List.of("linux/serial.h"), List.of(), Map.of(), Map.of(), List.of());

    private TtyAbi() {}
}
