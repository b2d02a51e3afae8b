package dev.volokno.tty;

import dev.volokno.backend.Kernel;
import dev.volokno.fiber.Deadline;
import dev.volokno.fiber.Offload;
import dev.volokno.linux.SignalH;
import dev.volokno.process.Signal;
import dev.volokno.process.Signals;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.time.Duration;
import java.util.Optional;

/** Puts a terminal's mode off before the process stops, and on again when it goes on. */
final class JobControl {
    /** Nobody tells a process that was continued in the background when it comes to the front. */
    private static final Duration LOOK = Duration.ofMillis(100);

    /** A stop takes hold at once, if it does: TSTP may be ignored, or nobody there to go on. */
    private static final Duration STOP = Duration.ofMillis(200);

    private final TerminalModes modes;

    JobControl(TerminalModes modes) {
        this.modes = modes;
    }

    /** Until cancelled. */
    void run() throws IOException {
        boolean stopped = false;
        try {
            while (true) {
                suspendAtStop(stopped);
                stop();
                stopped = true;
            }
        } finally {
            modes.letWritersGo();
        }
    }

    /** Returns when TSTP has come and the mode is off; puts it on after a stop and each CONT. */
    private void suspendAtStop(boolean stopped) throws IOException {
        try (var signals = Signals.open(Signal.TSTP, Signal.CONT)) {
            boolean away = stopped;
            Optional<Signal> next = Optional.empty();
            while (!next.equals(Optional.of(Signal.TSTP))) {
                away = away && !modes.resume();
                next =
                        away
                                ? Deadline.tryWithin(LOOK, () -> signals.take().signal())
                                : Optional.of(signals.take().signal());
                away |= next.isPresent();
            }
            modes.suspend();
        }
    }

    /**
     * Nobody listens to TSTP now, so it does what it did before this terminal was opened. Returns
     * when the process was continued: where the signal strikes is the kernel's choice, so that this
     * thread may run on for a moment.
     */
    private static void stop() throws IOException {
        try (var continued = Signals.open(Signal.CONT)) {
            Offload.call(JobControl::sendStop);
            Deadline.tryWithin(STOP, () -> continued.take());
        }
    }

    private static long sendStop() {
        try (Arena arena = Arena.ofConfined()) {
            int self = (int) ProcessHandle.current().pid();
            return SignalH.kill(Kernel.newErrno(arena), self, Signal.TSTP.number());
        }
    }
}
