package dev.volokno.process;

import dev.volokno.linux.SignalH;
import java.util.List;
import java.util.Locale;

/**
 * A signal (signal(7)).
 *
 * @param number from 1 to 64
 */
public record Signal(int number) {
    /** The terminal is gone; of a daemon: read the configuration anew. */
    public static final Signal HUP = new Signal(SignalH.SIGHUP);

    /** Ctrl-C. */
    public static final Signal INT = new Signal(SignalH.SIGINT);

    /** Ctrl-\\; in Java: print the threads. */
    public static final Signal QUIT = new Signal(SignalH.SIGQUIT);

    /** An illegal instruction. */
    public static final Signal ILL = new Signal(SignalH.SIGILL);

    /** A breakpoint. */
    public static final Signal TRAP = new Signal(SignalH.SIGTRAP);

    /** abort(3). */
    public static final Signal ABRT = new Signal(SignalH.SIGABRT);

    /** Memory that is not there. */
    public static final Signal BUS = new Signal(SignalH.SIGBUS);

    /** Arithmetic. */
    public static final Signal FPE = new Signal(SignalH.SIGFPE);

    /** The end; nobody can catch it. */
    public static final Signal KILL = new Signal(SignalH.SIGKILL);

    /** Of your own use. */
    public static final Signal USR1 = new Signal(SignalH.SIGUSR1);

    /** Memory that is not yours. */
    public static final Signal SEGV = new Signal(SignalH.SIGSEGV);

    /** Of your own use, had the JVM not taken it. */
    public static final Signal USR2 = new Signal(SignalH.SIGUSR2);

    /** A write that nobody will read. */
    public static final Signal PIPE = new Signal(SignalH.SIGPIPE);

    /** alarm(2). */
    public static final Signal ALRM = new Signal(SignalH.SIGALRM);

    /** Please end. */
    public static final Signal TERM = new Signal(SignalH.SIGTERM);

    /** Unused. */
    public static final Signal STKFLT = new Signal(SignalH.SIGSTKFLT);

    /** A child has ended, stopped or continued. */
    public static final Signal CHLD = new Signal(SignalH.SIGCHLD);

    /** Continue. */
    public static final Signal CONT = new Signal(SignalH.SIGCONT);

    /** Stop; nobody can catch it. */
    public static final Signal STOP = new Signal(SignalH.SIGSTOP);

    /** Ctrl-Z. */
    public static final Signal TSTP = new Signal(SignalH.SIGTSTP);

    /** Input in the background. */
    public static final Signal TTIN = new Signal(SignalH.SIGTTIN);

    /** Output in the background. */
    public static final Signal TTOU = new Signal(SignalH.SIGTTOU);

    /** Urgent data. */
    public static final Signal URG = new Signal(SignalH.SIGURG);

    /** Out of CPU time. */
    public static final Signal XCPU = new Signal(SignalH.SIGXCPU);

    /** A file too large. */
    public static final Signal XFSZ = new Signal(SignalH.SIGXFSZ);

    /** The timer of CPU time in user mode. */
    public static final Signal VTALRM = new Signal(SignalH.SIGVTALRM);

    /** The timer of CPU time. */
    public static final Signal PROF = new Signal(SignalH.SIGPROF);

    /** The terminal's size has changed. */
    public static final Signal WINCH = new Signal(SignalH.SIGWINCH);

    /** A descriptor is ready. */
    public static final Signal IO = new Signal(SignalH.SIGIO);

    /** The power fails. */
    public static final Signal PWR = new Signal(SignalH.SIGPWR);

    /** A system call that is not allowed. */
    public static final Signal SYS = new Signal(SignalH.SIGSYS);

    private static final List<String> NAMES =
            List.of(
                    "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1",
                    "SEGV", "USR2", "PIPE", "ALRM", "TERM", "STKFLT", "CHLD", "CONT", "STOP",
                    "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO",
                    "PWR", "SYS");

    /**
     * A signal by its number.
     *
     * @throws IllegalArgumentException if it is none from 1 to 64
     */
    public Signal {
        if (number < 1 || number > SignalH.LAST) {
            throw new IllegalArgumentException(
                    "a signal is a number from 1 to " + SignalH.LAST + ", not " + number);
        }
    }

    /**
     * The {@code n}-th of the real-time signals, which are queued, and carry a value: {@code
     * SIGRTMIN+n}.
     *
     * @throws IllegalArgumentException if there are fewer
     */
    public static Signal realTime(int n) {
        int last = SignalH.lastRealTime() - SignalH.firstRealTime();
        if (n < 0 || n > last) {
            throw new IllegalArgumentException(
                    "a real-time signal is one from 0 to " + last + ", not " + n);
        }
        return new Signal(SignalH.firstRealTime() + n);
    }

    /**
     * A signal by its name, such as {@code HUP}, {@code SIGHUP} or {@code RTMIN+3}.
     *
     * @throws IllegalArgumentException if none has it
     */
    public static Signal of(String name) {
        String upper = name.toUpperCase(Locale.ROOT);
        String bare = upper.startsWith("SIG") ? upper.substring(3) : upper;
        int index = NAMES.indexOf(bare);
        if (index >= 0) {
            return new Signal(index + 1);
        }
        if (bare.matches("RTMIN(\\+\\d{1,2})?")) {
            return realTime(bare.equals("RTMIN") ? 0 : Integer.parseInt(bare.substring(6)));
        }
        throw new IllegalArgumentException("no signal is called " + name);
    }

    /** Whether it is queued, so that none is lost while another of it is pending. */
    public boolean isRealTime() {
        return number >= SignalH.firstRealTime();
    }

    /** Its name without {@code SIG}, such as {@code HUP} or {@code RTMIN+3}. */
    public String name() {
        if (number <= NAMES.size()) {
            return NAMES.get(number - 1);
        }
        int n = number - SignalH.firstRealTime();
        return n < 0 ? String.valueOf(number) : n == 0 ? "RTMIN" : "RTMIN+" + n;
    }

    @Override
    public String toString() {
        return "SIG" + name();
    }
}
