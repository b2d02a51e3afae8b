package dev.volokno.process;

import dev.volokno.linux.Memory;
import dev.volokno.linux.SignalH;

/**
 * A signal that has come, with what the kernel tells of it ({@code siginfo_t}, sigaction(2)). What
 * a cause does not tell is 0.
 *
 * @param signal which one
 * @param cause who or what sent it
 * @param code {@code si_code}: of a child the {@code CLD_} number, of the kernel what the signal's
 *     manual says
 * @param pid the process that sent it; of {@link Signal#CHLD} the child
 * @param uid the real user of that process
 * @param value what was sent along: all 64 bits of {@code sigval}
 * @param status of a child: its exit code, or the signal that ended, stopped or continued it
 */
public record SignalInfo(
        Signal signal, Cause cause, int code, int pid, int uid, long value, int status) {
    /** Who or what sends a signal. */
    public enum Cause {
        /** kill(2). */
        PROCESS,
        /** tgkill(2): a process that meant one thread. */
        THREAD,
        /** sigqueue(3), with a value. */
        QUEUE,
        /** A timer of timer_create(2), or a message queue, or asynchronous I/O, with a value. */
        OBJECT,
        /** A child that has ended, stopped or continued. */
        CHILD,
        /** The kernel: a terminal, a window, a descriptor, a limit. */
        KERNEL
    }

    /** Reads what stands at {@code siginfo}. */
    static SignalInfo at(long siginfo) {
        var signal = new Signal(Memory.getInt(siginfo + SignalH.SI_SIGNO));
        int code = Memory.getInt(siginfo + SignalH.SI_CODE);
        Cause cause = causeOf(signal, code);
        boolean sent = cause != Cause.KERNEL && code != SignalH.SI_TIMER;
        boolean valued = cause == Cause.QUEUE || cause == Cause.OBJECT;
        return new SignalInfo(
                signal,
                cause,
                code,
                sent ? Memory.getInt(siginfo + SignalH.SI_PID) : 0,
                sent ? Memory.getInt(siginfo + SignalH.SI_UID) : 0,
                valued ? Memory.getLong(siginfo + SignalH.SI_VALUE) : 0,
                cause == Cause.CHILD ? Memory.getInt(siginfo + SignalH.SI_STATUS) : 0);
    }

    private static Cause causeOf(Signal signal, int code) {
        return switch (code) {
            case SignalH.SI_USER -> Cause.PROCESS;
            case SignalH.SI_TKILL -> Cause.THREAD;
            case SignalH.SI_QUEUE -> Cause.QUEUE;
            case SignalH.SI_TIMER, SignalH.SI_MESGQ, SignalH.SI_ASYNCIO -> Cause.OBJECT;
            default ->
                    code > 0 && code != SignalH.SI_KERNEL && signal.equals(Signal.CHLD)
                            ? Cause.CHILD
                            : Cause.KERNEL;
        };
    }
}
