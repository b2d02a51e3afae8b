package dev.volokno.linux;

import static dev.volokno.linux.Native.INT;
import static dev.volokno.linux.Native.POINTER;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** {@code <signal.h>}. The numbers and structures are those of x86-64 and aarch64 alike. */
public final class SignalH {
    public static final int SIGHUP = 1;
    public static final int SIGINT = 2;
    public static final int SIGQUIT = 3;
    public static final int SIGILL = 4;
    public static final int SIGTRAP = 5;
    public static final int SIGABRT = 6;
    public static final int SIGBUS = 7;
    public static final int SIGFPE = 8;
    public static final int SIGKILL = 9;
    public static final int SIGUSR1 = 10;
    public static final int SIGSEGV = 11;
    public static final int SIGUSR2 = 12;
    public static final int SIGPIPE = 13;
    public static final int SIGALRM = 14;
    public static final int SIGTERM = 15;
    public static final int SIGSTKFLT = 16;
    public static final int SIGCHLD = 17;
    public static final int SIGCONT = 18;
    public static final int SIGSTOP = 19;
    public static final int SIGTSTP = 20;
    public static final int SIGTTIN = 21;
    public static final int SIGTTOU = 22;
    public static final int SIGURG = 23;
    public static final int SIGXCPU = 24;
    public static final int SIGXFSZ = 25;
    public static final int SIGVTALRM = 26;
    public static final int SIGPROF = 27;
    public static final int SIGWINCH = 28;
    public static final int SIGIO = 29;
    public static final int SIGPWR = 30;
    public static final int SIGSYS = 31;

    /** The greatest number of a signal; NSIG is one more. */
    public static final int LAST = 64;

    public static final int SI_USER = 0;
    public static final int SI_KERNEL = 0x80;
    public static final int SI_QUEUE = -1;
    public static final int SI_TIMER = -2;
    public static final int SI_MESGQ = -3;
    public static final int SI_ASYNCIO = -4;
    public static final int SI_SIGIO = -5;
    public static final int SI_TKILL = -6;

    public static final int SIGINFO_SIZE = 128;
    public static final int SI_SIGNO = 0;
    public static final int SI_CODE = 8;
    public static final int SI_PID = 16;
    public static final int SI_UID = 20;
    public static final int SI_STATUS = 24;
    public static final int SI_VALUE = 24;

    /** Size of glibc's {@code struct sigaction}. */
    public static final int SIGACTION_SIZE = 152;

    public static final int SA_HANDLER = 0;
    public static final int SA_MASK = 8;
    public static final int SA_FLAGS = 136;
    public static final int SIGSET_SIZE = 128;
    public static final int SA_SIGINFO = 4;
    public static final int SA_ONSTACK = 0x0800_0000;
    public static final int SA_RESTART = 0x1000_0000;
    public static final long SIG_DFL = 0;
    public static final long SIG_IGN = 1;
    public static final int SIG_BLOCK = 0;
    public static final int SIG_UNBLOCK = 1;

    private static final MethodHandle SIGACTION =
            Native.capturing("sigaction", INT, INT, POINTER, POINTER);
    private static final MethodHandle PTHREAD_SIGMASK =
            Native.plain("pthread_sigmask", INT, INT, POINTER, POINTER);
    private static final MethodHandle KILL = Native.capturing("kill", INT, INT, INT);
    private static final MethodHandle SIGRTMIN = Native.plain("__libc_current_sigrtmin", INT);
    private static final MethodHandle SIGRTMAX = Native.plain("__libc_current_sigrtmax", INT);

    private SignalH() {}

    /** {@code action} and {@code former} are addresses of structures, or 0. */
    public static int sigaction(MemorySegment errno, int signal, long action, long former) {
        try {
            return Native.result((int) SIGACTION.invokeExact(errno, signal, action, former), errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    /**
     * Changes the calling thread's mask; {@code set} and {@code former} are addresses of
     * structures, or 0.
     */
    public static int maskThread(int how, long set, long former) {
        try {
            return -(int) PTHREAD_SIGMASK.invokeExact(how, set, former);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    /** Puts {@code signal} into the set at {@code set}, of which Linux uses the first word. */
    public static void addToSet(long set, int signal) {
        Memory.putLong(set, Memory.getLong(set) | (1L << (signal - 1)));
    }

    public static boolean isInSet(long set, int signal) {
        return ((Memory.getLong(set) >>> (signal - 1)) & 1) != 0;
    }

    public static int kill(MemorySegment errno, int pid, int signal) {
        try {
            return Native.result((int) KILL.invokeExact(errno, pid, signal), errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    /** The first of the real-time signals that the C library leaves to programs. */
    public static int firstRealTime() {
        try {
            return (int) SIGRTMIN.invokeExact();
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    /** The last of the real-time signals that the C library leaves to programs. */
    public static int lastRealTime() {
        try {
            return (int) SIGRTMAX.invokeExact();
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }
}
