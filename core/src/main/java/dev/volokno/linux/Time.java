package dev.volokno.linux;

/** {@code <time.h>}: {@code struct timespec} as the 64-bit kernels have it. */
public final class Time {
    public static final int TIMESPEC_SIZE = 16;

    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private Time() {}

    public static void putTimespec(long address, long nanos) {
        Memory.putLong(address, nanos / NANOS_PER_SECOND);
        Memory.putLong(address + Long.BYTES, nanos % NANOS_PER_SECOND);
    }
}
