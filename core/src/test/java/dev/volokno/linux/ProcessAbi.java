package dev.volokno.linux;

import java.util.List;
import java.util.Map;

/** Signals and processes. */
final class ProcessAbi {
    static final AbiTable TABLE =
            new AbiTable(
                    List.of("sys/signalfd.h", "sys/wait.h"),
                    List.of(),
                    Map.of(),
                    Map.of(),
                    List.of());

    private ProcessAbi() {}
}
