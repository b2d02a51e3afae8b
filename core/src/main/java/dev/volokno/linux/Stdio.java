package dev.volokno.linux;

import static dev.volokno.linux.Native.INT;
import static dev.volokno.linux.Native.POINTER;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** {@code <stdio.h>}, as far as names are concerned. */
public final class Stdio {
    public static final int RENAME_NOREPLACE = 1;
    public static final int RENAME_EXCHANGE = 2;

    private static final MethodHandle RENAMEAT2 =
            Native.capturing("renameat2", INT, INT, POINTER, INT, POINTER, INT);

    private Stdio() {}

    public static int renameat2(
            MemorySegment errno,
            int fromDirectory,
            long from,
            int toDirectory,
            long to,
            int flags) {
        try {
            return Native.result(
                    (int) RENAMEAT2.invokeExact(errno, fromDirectory, from, toDirectory, to, flags),
                    errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }
}
