package dev.volokno.support;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** Sets the machine's clock, by so little that nobody else notices. */
@SuppressWarnings("restricted") // adjtimex is bound here, for tests alone
public final class WallClock {
    private static final MethodHandle ADJTIMEX =
            Linker.nativeLinker()
                    .downcallHandle(
                            Linker.nativeLinker().defaultLookup().findOrThrow("adjtimex"),
                            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS));

    // struct timex
    private static final int SIZE = 208;
    private static final int SECONDS = 72;
    private static final int NANOS = 80;

    private static final int ADJ_SETOFFSET = 0x100;
    private static final int ADJ_NANO = 0x2000;

    private WallClock() {}

    /** Sets it forward by a nanosecond and back again; false if this process may not. */
    public static boolean stepByNothing() {
        return step(0, 1) && step(-1, 999_999_999);
    }

    private static boolean step(long seconds, long nanos) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment timex = arena.allocate(SIZE, 8);
            timex.set(ValueLayout.JAVA_INT, 0, ADJ_SETOFFSET | ADJ_NANO);
            timex.set(ValueLayout.JAVA_LONG, SECONDS, seconds);
            timex.set(ValueLayout.JAVA_LONG, NANOS, nanos);
            return (int) ADJTIMEX.invokeExact(timex) >= 0;
        } catch (Throwable t) {
            throw new AssertionError(t);
        }
    }
}
