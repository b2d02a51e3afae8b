package dev.volokno.linux;

import static dev.volokno.linux.Native.INT;
import static dev.volokno.linux.Native.POINTER;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** {@code <time.h>}: {@code struct timespec} as the 64-bit kernels have it, and the clocks. */
public final class Time {
    public static final int TIMESPEC_SIZE = 16;

    public static final int CLOCK_REALTIME = 0;
    public static final int CLOCK_MONOTONIC = 1;
    public static final int CLOCK_BOOTTIME = 7;
    public static final int CLOCK_REALTIME_ALARM = 8;
    public static final int CLOCK_BOOTTIME_ALARM = 9;

    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final MethodHandle CLOCK_GETTIME =
            Native.capturing("clock_gettime", INT, INT, POINTER);

    private Time() {}

    public static void putTimespec(long address, long nanos) {
        Memory.putLong(address, nanos / NANOS_PER_SECOND);
        Memory.putLong(address + Long.BYTES, nanos % NANOS_PER_SECOND);
    }

    public static void putTimespec(long address, long seconds, int nanos) {
        Memory.putLong(address, seconds);
        Memory.putLong(address + Long.BYTES, nanos);
    }

    public static long seconds(long timespec) {
        return Memory.getLong(timespec);
    }

    /** Those beyond the {@link #seconds}. */
    public static long nanos(long timespec) {
        return Memory.getLong(timespec + Long.BYTES);
    }

    /** Stores what a clock shows. */
    public static int gettime(MemorySegment errno, int clock, long timespec) {
        try {
            return Native.result((int) CLOCK_GETTIME.invokeExact(errno, clock, timespec), errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }
}
