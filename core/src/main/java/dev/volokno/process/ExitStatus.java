package dev.volokno.process;

import dev.volokno.linux.Memory;
import dev.volokno.linux.SignalH;
import dev.volokno.linux.SysWait;
import java.time.Duration;
import java.util.Optional;

/**
 * How a child ended, and what it has used.
 *
 * @param code what it said to exit(3); 128 and the signal's number if it was killed, as shells have
 *     it
 * @param signal what killed it; empty if it ended of itself
 * @param coreDumped whether it left a core dump
 * @param userTime CPU time it spent in its own code, and its own waited-for children
 * @param systemTime CPU time the kernel spent for it
 * @param maxResidentBytes the most memory it had at once
 */
public record ExitStatus(
        int code,
        Optional<Signal> signal,
        boolean coreDumped,
        Duration userTime,
        Duration systemTime,
        long maxResidentBytes) {
    private static final int KILLED = 128;
    private static final int KIBIBYTE = 1024;

    /** Whether it ended of itself, with 0. */
    public boolean succeeded() {
        return code == 0;
    }

    /** Reads what waitid(2) and wait4(2) have told. */
    static ExitStatus of(long siginfo, long rusage) {
        int how = Memory.getInt(siginfo + SignalH.SI_CODE);
        int status = Memory.getInt(siginfo + SignalH.SI_STATUS);
        boolean exited = how == SysWait.CLD_EXITED;
        return new ExitStatus(
                exited ? status : KILLED + status,
                exited ? Optional.empty() : Optional.of(new Signal(status)),
                how == SysWait.CLD_DUMPED,
                duration(rusage + SysWait.RU_UTIME),
                duration(rusage + SysWait.RU_STIME),
                Memory.getLong(rusage + SysWait.RU_MAXRSS) * KIBIBYTE);
    }

    private static Duration duration(long timeval) {
        return Duration.ofSeconds(Memory.getLong(timeval))
                .plusNanos(Memory.getLong(timeval + Long.BYTES) * 1000);
    }

    @Override
    public String toString() {
        return signal.map(killer -> "killed by " + killer + (coreDumped ? ", core dumped" : ""))
                .orElse("exited with " + code);
    }
}
