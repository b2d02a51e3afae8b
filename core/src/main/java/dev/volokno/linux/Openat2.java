package dev.volokno.linux;

import static dev.volokno.linux.Native.INT;
import static dev.volokno.linux.Native.LONG;
import static dev.volokno.linux.Native.POINTER;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** {@code <linux/openat2.h>}: openat(2) with conditions on the way to the file (Linux 5.6). */
public final class Openat2 {
    public static final int RESOLVE_NO_XDEV = 1;
    public static final int RESOLVE_NO_MAGICLINKS = 2;
    public static final int RESOLVE_NO_SYMLINKS = 4;
    public static final int RESOLVE_BENEATH = 8;

    public static final int OPEN_HOW_SIZE = 24;
    public static final int OPEN_HOW_FLAGS = 0;
    public static final int OPEN_HOW_MODE = 8;
    public static final int OPEN_HOW_RESOLVE = 16;

    private static final MethodHandle OPENAT2 =
            Native.variadic("syscall", 1, LONG, LONG, INT, POINTER, POINTER, LONG);

    private Openat2() {}

    /** {@code how} is the address of a {@code struct open_how}. */
    public static int openat2(MemorySegment errno, int directory, long path, long how) {
        try {
            long fd =
                    (long)
                            OPENAT2.invokeExact(
                                    errno,
                                    (long) Arch.SYS_OPENAT2,
                                    directory,
                                    path,
                                    how,
                                    (long) OPEN_HOW_SIZE);
            return (int) Native.result(fd, errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }
}
