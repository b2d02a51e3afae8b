package dev.volokno.process;

import dev.volokno.linux.SignalH;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Signals that nobody can listen to here, and why. */
final class ReservedSignals {
    /** By which the JDK ends blocking calls of other threads. */
    private static final int JDK_WAKE_UP = SignalH.LAST - 2;

    private static final String ANOTHER = "_JAVA_SR_SIGNUM";

    private ReservedSignals() {}

    /** Why nobody can listen to {@code signal}; null if that is possible. */
    static @Nullable String reason(Signal signal) {
        int number = signal.number();
        if (number == suspending()) {
            return "the JVM suspends threads by it, for recordings and profilers; it takes another"
                    + " one if the environment says "
                    + ANOTHER
                    + "=NUMBER when it starts";
        }
        return switch (number) {
            case SignalH.SIGKILL, SignalH.SIGSTOP -> "the kernel lets nobody catch it";
            case SignalH.SIGQUIT -> "the JVM prints its threads by it, and tools attach by it";
            case SignalH.SIGSEGV, SignalH.SIGBUS, SignalH.SIGFPE, SignalH.SIGILL, SignalH.SIGTRAP ->
                    "the JVM's own code raises it";
            case JDK_WAKE_UP -> "the JDK ends blocking calls of other threads by it";
            default ->
                    number > SignalH.SIGSYS && number < SignalH.firstRealTime()
                            ? "the C library needs it"
                            : null;
        };
    }

    /** HotSpot's choice, made before any Java runs. */
    private static int suspending() {
        String another = System.getenv(ANOTHER);
        int least = Math.max(SignalH.SIGSEGV, SignalH.SIGBUS);
        if (another != null && another.strip().matches("\\d{1,2}")) {
            int number = Integer.parseInt(another.strip());
            if (number > least && number <= SignalH.LAST) {
                return number;
            }
        }
        return SignalH.SIGUSR2;
    }

    /** {@code SIGUSR2}, {@code usr2} and the number are all one to whoever reads the message. */
    static IllegalArgumentException refusal(Signal signal, String reason) {
        return new IllegalArgumentException(
                String.format(
                        Locale.ROOT,
                        "%s (%d) cannot be listened to: %s",
                        signal,
                        signal.number(),
                        reason));
    }
}
