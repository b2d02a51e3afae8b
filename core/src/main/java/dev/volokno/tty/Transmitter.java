package dev.volokno.tty;

import dev.volokno.linux.Errno;
import dev.volokno.linux.Memory;
import dev.volokno.linux.SysIoctl;
import dev.volokno.linux.Termios;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.locks.LockSupport;

/** What a port has not sent yet. */
final class Transmitter {
    /** Output that has not moved for the time of so many characters is stalled. */
    private static final int STALL_CHARACTERS = 256;

    private static final long SHORTEST_STALL_NANOS = 500_000_000;
    private static final long LONGEST_STALL_NANOS = 10_000_000_000L;
    private static final long LOOK_NANOS = 2_000_000;

    private Transmitter() {}

    /**
     * How many characters are still to be sent: those in the driver's queue, then 1 while the
     * device's own memory is not empty, where its driver can tell. May take a transfer on the bus.
     */
    static long pending(MemorySegment errno, int number) {
        try (Arena arena = Arena.ofConfined()) {
            long answer = arena.allocate(4, 4).address();
            long result = SysIoctl.ioctl(errno, number, SysIoctl.TIOCOUTQ, answer);
            if (result < 0) {
                return result;
            }
            int queued = Memory.getInt(answer);
            if (queued > 0) {
                return queued;
            }
            long told = SysIoctl.ioctl(errno, number, SysIoctl.TIOCSERGETLSR, answer);
            boolean empty = told < 0 || (Memory.getInt(answer) & SysIoctl.TIOCSER_TEMT) != 0;
            return Errno.EIO.is(told) ? told : empty ? 0 : 1;
        }
    }

    /**
     * Lets the output go out as long as it moves, and throws away what is stalled: close(2) would
     * wait for it, 30 seconds as a rule. Blocks, for {@code longestNanos} at most.
     */
    static void settle(
            MemorySegment errno, int number, SerialSettings settings, long longestNanos) {
        long patience = patienceNanos(settings);
        long least = Long.MAX_VALUE;
        long began = System.nanoTime();
        long moved = began;
        long left = pending(errno, number);
        while (left > 0) {
            long now = System.nanoTime();
            if (left < least) {
                least = left;
                moved = now;
            }
            if (now - moved > patience || now - began > longestNanos) {
                SysIoctl.ioctl(errno, number, SysIoctl.TCFLSH, Termios.TCOFLUSH);
                return;
            }
            LockSupport.parkNanos(LOOK_NANOS);
            left = pending(errno, number);
        }
    }

    static long patienceNanos(SerialSettings settings) {
        return Math.clamp(
                settings.nanosOf(STALL_CHARACTERS), SHORTEST_STALL_NANOS, LONGEST_STALL_NANOS);
    }
}
