package dev.volokno.backend;

import dev.volokno.SystemCallException;
import dev.volokno.linux.Errno;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;

/** What every caller of the kernel needs: room for errno, and an exception for a failure. */
public final class Kernel {
    private static final long SCRATCH = Linker.Option.captureStateLayout().byteSize() + 15 & -16;
    private static final long SCRATCH_SIZE = 16;

    private Kernel() {}

    /** Room for {@code errno} and a little more, for one thread at a time. */
    public static MemorySegment newErrno(Arena arena) {
        return arena.allocate(SCRATCH + SCRATCH_SIZE, 16);
    }

    /** The address of 16 bytes beside {@code errno}, for an argument of the call that it is for. */
    public static long scratch(MemorySegment errno) {
        return errno.address() + SCRATCH;
    }

    /** {@code result} if it is none of a failure, which throws. */
    public static int check(String call, long result, String target) throws IOException {
        if (result < 0) {
            throw failure(call, result, target);
        }
        return (int) result;
    }

    public static SystemCallException failure(String call, long result, String target) {
        return new SystemCallException(call, Errno.nameOf(result), target, Errno.messageOf(result));
    }
}
