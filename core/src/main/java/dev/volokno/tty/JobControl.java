package dev.volokno.tty;

import dev.volokno.backend.Kernel;
import dev.volokno.fiber.Deadline;
import dev.volokno.fiber.Fiber;
import dev.volokno.fiber.Offload;
import dev.volokno.linux.SignalH;
import dev.volokno.process.Signal;
import dev.volokno.process.Signals;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.time.Duration;

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
        while (true) {
            if (awaitSignal().equals(Signal.TSTP)) {
                modes.suspend();
                stop();
            }
            while (!modes.resume()) {
                Fiber.sleep(LOOK);
            }
        }
    }

    private static Signal awaitSignal() throws IOException {
        try (var signals = Signals.open(Signal.TSTP, Signal.CONT)) {
            return signals.take().signal();
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
