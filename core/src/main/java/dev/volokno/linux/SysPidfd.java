package dev.volokno.linux;

import static dev.volokno.linux.Native.INT;
import static dev.volokno.linux.Native.LONG;
import static dev.volokno.linux.Native.POINTER;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** {@code <sys/pidfd.h>}, by system calls: glibc has it since 2.36. */
public final class SysPidfd {
    private static final MethodHandle OPEN = Native.variadic("syscall", 1, LONG, LONG, INT, INT);
    private static final MethodHandle SEND =
            Native.variadic("syscall", 1, LONG, LONG, INT, INT, POINTER, INT);

    private SysPidfd() {}

    /** The new descriptor is close-on-exec. */
    public static int open(MemorySegment errno, int pid) {
        try {
            return (int)
                    Native.result(
                            (long) OPEN.invokeExact(errno, (long) Arch.SYS_PIDFD_OPEN, pid, 0),
                            errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    public static int sendSignal(MemorySegment errno, int pidfd, int signal) {
        try {
            return (int)
                    Native.result(
                            (long)
                                    SEND.invokeExact(
                                            errno,
                                            (long) Arch.SYS_PIDFD_SEND_SIGNAL,
                                            pidfd,
                                            signal,
                                            0L,
                                            0),
                            errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }
}
