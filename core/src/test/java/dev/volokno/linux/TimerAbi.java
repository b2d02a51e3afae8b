package dev.volokno.linux;

import static dev.volokno.linux.AbiTable.offset;
import static dev.volokno.linux.AbiTable.size;

import java.util.List;
import java.util.Map;

/** Timers, pipes, and what a daemon needs. */
final class TimerAbi {
    private static final String ITIMERSPEC = "struct itimerspec";

    static final AbiTable TABLE =
            new AbiTable(
                    List.of("sys/timerfd.h"),
                    List.of(),
                    Map.ofEntries(
                            size("SysTimerfd.ITIMERSPEC_SIZE", ITIMERSPEC),
                            offset("SysTimerfd.IT_INTERVAL", ITIMERSPEC, "it_interval"),
                            offset("SysTimerfd.IT_VALUE", ITIMERSPEC, "it_value")),
                    Map.of(),
                    List.of());

    private TimerAbi() {}
}
