package dev.volokno.linux;

import java.util.List;
import java.util.Map;

/** Timers, pipes, and what a daemon needs. */
final class TimerAbi {
    static final AbiTable TABLE =
            new AbiTable(List.of("sys/timerfd.h"), List.of(), Map.of(), Map.of(), List.of());

    private TimerAbi() {}
}
