package dev.volokno.file;

import dev.volokno.descriptor.Descriptor;
import dev.volokno.linux.Errno;
import dev.volokno.linux.Memory;
import dev.volokno.linux.Unistd;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * copy_file_range(2) from one file to another, piece after piece on a thread for files. It keeps
 * the thread for a while, instead of two changes of threads for each piece.
 */
final class KernelCopy {
    /** A copy that nobody wants any more ends after one of these. */
    private static final long PIECE = 8 * 1024 * 1024;

    /** So long other calls for files wait for this one's thread. */
    private static final long SHARE_NANOS = 100_000_000;

    /** More than a kernel copies in one call. */
    private static final long REFUSED = Long.MAX_VALUE;

    private final long from;
    private final long length;

    /** The worker's that copies, and read by the fiber. */
    private volatile long done;

    private volatile boolean stopped;

    /** A copy of {@code length} bytes, or fewer at the end, to where they are in the source. */
    KernelCopy(long from, long length) {
        this.from = from;
        this.length = length;
    }

    /** Copies. Parks. False if the kernel does not copy between these two, or not on from here. */
    boolean run(Descriptor source, Descriptor target) throws IOException {
        long count = 1;
        while (count > 0 && count != REFUSED && done < length) {
            count = DiskCall.on(source, target, "copy_file_range", this::share);
        }
        return count != REFUSED;
    }

    /** How many bytes are copied by now. */
    long done() {
        return done;
    }

    /** The piece that is being copied is the last. */
    void stop() {
        stopped = true;
    }

    private long share(MemorySegment errno, int source, int target) {
        long before = done;
        long now = before;
        long began = System.nanoTime();
        try (Arena arena = Arena.ofConfined()) {
            long offsets = arena.allocate(2L * Long.BYTES, Long.BYTES).address();
            long count = 1;
            while (count > 0 && now < length && !isShareOver(began)) {
                Memory.putLong(offsets, from + now);
                Memory.putLong(offsets + Long.BYTES, from + now);
                count =
                        Unistd.copyFileRange(
                                errno,
                                source,
                                offsets,
                                target,
                                offsets + Long.BYTES,
                                Math.min(PIECE, length - now));
                now += Math.max(count, 0);
                done = now;
            }
            // What failed after others went well fails again, and is told then.
            return now > before ? now - before : refusedOr(count);
        }
    }

    private boolean isShareOver(long began) {
        return stopped || System.nanoTime() - began > SHARE_NANOS;
    }

    private static long refusedOr(long result) {
        boolean refused =
                Errno.EXDEV.is(result)
                        || Errno.EINVAL.is(result)
                        || Errno.EOPNOTSUPP.is(result)
                        || Errno.ENOSYS.is(result)
                        || Errno.EBADF.is(result);
        return refused ? REFUSED : result;
    }
}
