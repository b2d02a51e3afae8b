package dev.volokno.linux;

import static dev.volokno.linux.Native.INT;
import static dev.volokno.linux.Native.LONG;
import static dev.volokno.linux.Native.POINTER;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** {@code <sys/sendfile.h>}. */
public final class SysSendfile {

    private static final MethodHandle SENDFILE =
            Native.capturing("sendfile", LONG, INT, INT, POINTER, LONG);

    private SysSendfile() {}

    /** {@code offset} is the address of an offset in {@code from}, which moves. */
    public static long sendfile(MemorySegment errno, int to, int from, long offset, long count) {
        try {
            return Native.result(
                    (long) SENDFILE.invokeExact(errno, to, from, offset, count), errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }
}
