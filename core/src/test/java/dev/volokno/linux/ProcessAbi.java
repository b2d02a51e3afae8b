package dev.volokno.linux;

import static dev.volokno.linux.AbiTable.offset;
import static dev.volokno.linux.AbiTable.size;

import java.util.List;
import java.util.Map;

/** Signals and processes. */
final class ProcessAbi {
    private static final String SIGACTION = "struct sigaction";

    static final AbiTable TABLE =
            new AbiTable(
                    List.of("signal.h", "spawn.h", "sys/resource.h", "sys/wait.h"),
                    List.of(),
                    Map.ofEntries(
                            Map.entry("SignalH.LAST", "NSIG - 1"),
                            size("SignalH.SIGINFO_SIZE", "siginfo_t"),
                            offset("SignalH.SI_SIGNO", "siginfo_t", "si_signo"),
                            offset("SignalH.SI_CODE", "siginfo_t", "si_code"),
                            offset("SignalH.SI_PID", "siginfo_t", "si_pid"),
                            offset("SignalH.SI_UID", "siginfo_t", "si_uid"),
                            offset("SignalH.SI_STATUS", "siginfo_t", "si_status"),
                            offset("SignalH.SI_VALUE", "siginfo_t", "si_value"),
                            size("SignalH.SIGACTION_SIZE", SIGACTION),
                            size("SignalH.SIGSET_SIZE", "sigset_t"),
                            offset("SignalH.SA_HANDLER", SIGACTION, "sa_sigaction"),
                            offset("SignalH.SA_MASK", SIGACTION, "sa_mask"),
                            offset("SignalH.SA_FLAGS", SIGACTION, "sa_flags"),
                            size("Spawn.ATTRIBUTES_SIZE", "posix_spawnattr_t"),
                            size("Spawn.ACTIONS_SIZE", "posix_spawn_file_actions_t"),
                            size("SysWait.RUSAGE_SIZE", "struct rusage"),
                            offset("SysWait.RU_UTIME", "struct rusage", "ru_utime"),
                            offset("SysWait.RU_STIME", "struct rusage", "ru_stime"),
                            offset("SysWait.RU_MAXRSS", "struct rusage", "ru_maxrss"),
                            Map.entry("SignalH.SIG_DFL", "(long) SIG_DFL"),
                            Map.entry("SignalH.SIG_IGN", "(long) SIG_IGN")),
                    Map.of(),
                    List.of("Unistd.ENVIRON"));

    private ProcessAbi() {}
}
