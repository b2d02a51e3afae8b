package dev.volokno.linux;

import static dev.volokno.linux.Native.INT;
import static dev.volokno.linux.Native.POINTER;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** {@code <sys/wait.h>} and the {@code struct rusage} of {@code <sys/resource.h>}. */
public final class SysWait {
    public static final int P_PIDFD = 3;
    public static final int WNOHANG = 1;
    public static final int WEXITED = 4;
    public static final int WNOWAIT = 0x0100_0000;
    public static final int CLD_EXITED = 1;
    public static final int CLD_KILLED = 2;
    public static final int CLD_DUMPED = 3;

    public static final int RUSAGE_SIZE = 144;
    public static final int RU_UTIME = 0;
    public static final int RU_STIME = 16;
    public static final int RU_MAXRSS = 32;

    private static final MethodHandle WAITID =
            Native.capturing("waitid", INT, INT, INT, POINTER, INT);
    private static final MethodHandle WAIT4 =
            Native.capturing("wait4", INT, INT, POINTER, INT, POINTER);

    private SysWait() {}

    /** {@code siginfo} is cleared where there is nothing to tell. */
    public static int waitPidfd(MemorySegment errno, int pidfd, long siginfo, int options) {
        try {
            return Native.result(
                    (int) WAITID.invokeExact(errno, P_PIDFD, pidfd, siginfo, options), errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    /** {@code rusage} receives what the child has used. */
    public static int wait4(MemorySegment errno, int pid, int options, long rusage) {
        try {
            return Native.result((int) WAIT4.invokeExact(errno, pid, 0L, options, rusage), errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }
}
