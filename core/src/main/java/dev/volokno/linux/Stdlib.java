package dev.volokno.linux;

import static dev.volokno.linux.Native.POINTER;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** {@code <stdlib.h>}. */
public final class Stdlib {
    public static final int PATH_MAX = 4096;

    private static final MethodHandle REALPATH =
            Native.capturing("realpath", POINTER, POINTER, POINTER);

    private Stdlib() {}

    /** {@code resolved} is the address of {@link #PATH_MAX} bytes: 0, or the negated errno. */
    public static int realpath(MemorySegment errno, long path, long resolved) {
        try {
            long found = (long) REALPATH.invokeExact(errno, path, resolved);
            return found == 0 ? -errno.get(ValueLayout.JAVA_INT, 0) : 0;
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }
}
