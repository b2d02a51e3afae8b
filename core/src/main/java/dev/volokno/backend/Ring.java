package dev.volokno.backend;

import dev.volokno.SystemCallException;
import dev.volokno.linux.Errno;
import dev.volokno.linux.IoUring;
import dev.volokno.linux.Memory;
import dev.volokno.linux.SysMman;
import dev.volokno.linux.Unistd;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** An io_uring instance: its descriptor, its mapped memory, and what the kernel said it can do. */
final class Ring {
    private static final int ENTRIES = 512;
    private static final int NEEDED =
            IoUring.FEAT_SINGLE_MMAP
                    | IoUring.FEAT_NODROP
                    | IoUring.FEAT_SUBMIT_STABLE
                    | IoUring.FEAT_RW_CUR_POS
                    | IoUring.FEAT_FAST_POLL
                    | IoUring.FEAT_EXT_ARG
                    | IoUring.FEAT_NATIVE_WORKERS;

    /** Best first. Kernels that do not know a flag answer EINVAL, and the next line is tried. */
    private static final int[] FLAG_LADDER = {
        IoUring.SETUP_SINGLE_ISSUER
                | IoUring.SETUP_DEFER_TASKRUN
                | IoUring.SETUP_TASKRUN_FLAG
                | IoUring.SETUP_SUBMIT_ALL
                | IoUring.SETUP_NO_SQARRAY,
        IoUring.SETUP_SINGLE_ISSUER
                | IoUring.SETUP_DEFER_TASKRUN
                | IoUring.SETUP_TASKRUN_FLAG
                | IoUring.SETUP_SUBMIT_ALL,
        IoUring.SETUP_COOP_TASKRUN | IoUring.SETUP_TASKRUN_FLAG | IoUring.SETUP_SUBMIT_ALL,
        IoUring.SETUP_SUBMIT_ALL,
        0
    };

    final int number;
    final int flags;
    final int features;
    final SubmissionRing submissions;
    final CompletionRing completions;

    private final long rings;
    private final long ringsLength;
    private final long entries;
    private final long entriesLength;

    private Ring(MemorySegment errno, int number, long params) throws IOException {
        this.number = number;
        flags = Memory.getInt(params + IoUring.PARAMS_FLAGS);
        features = Memory.getInt(params + IoUring.PARAMS_FEATURES);
        if ((features & NEEDED) != NEEDED) {
            throw new SystemCallException(
                    "io_uring_setup",
                    "EOPNOTSUPP",
                    "a new ring",
                    "features " + Integer.toHexString(features));
        }
        int submissionEntries = Memory.getInt(params + IoUring.PARAMS_SQ_ENTRIES);
        int completionEntries = Memory.getInt(params + IoUring.PARAMS_CQ_ENTRIES);
        long submissionOffsets = params + IoUring.PARAMS_SQ_OFF;
        long completionOffsets = params + IoUring.PARAMS_CQ_OFF;
        ringsLength =
                Math.max(
                        Memory.getInt(submissionOffsets + IoUring.SQ_OFF_ARRAY)
                                + 4L * submissionEntries,
                        Memory.getInt(completionOffsets + IoUring.CQ_OFF_CQES)
                                + (long) IoUring.CQE_SIZE * completionEntries);
        entriesLength = (long) IoUring.SQE_SIZE * submissionEntries;
        rings = map(errno, ringsLength, number, IoUring.OFF_SQ_RING);
        try {
            entries = map(errno, entriesLength, number, IoUring.OFF_SQES);
        } catch (IOException e) {
            SysMman.unmap(errno, rings, ringsLength);
            throw e;
        }
        boolean indirect = (flags & IoUring.SETUP_NO_SQARRAY) == 0;
        submissions =
                new SubmissionRing(rings, submissionOffsets, entries, submissionEntries, indirect);
        completions = new CompletionRing(rings, completionOffsets);
    }

    /** Opens a ring that belongs to the calling thread. */
    static Ring open(MemorySegment errno) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            long params = arena.allocate(IoUring.PARAMS_SIZE, 8).address();
            int number = Kernel.check("io_uring_setup", setup(errno, params), "a new ring");
            try {
                return new Ring(errno, number, params);
            } catch (IOException e) {
                Unistd.close(errno, number);
                throw e;
            }
        }
    }

    private static int setup(MemorySegment errno, long params) {
        int result = -Errno.EINVAL.number();
        for (int flags : FLAG_LADDER) {
            Memory.clear(params, IoUring.PARAMS_SIZE);
            Memory.putInt(params + IoUring.PARAMS_FLAGS, flags | IoUring.SETUP_CLAMP);
            result = IoUring.setup(errno, ENTRIES, params);
            if (!Errno.EINVAL.is(result)) {
                return result;
            }
        }
        return result;
    }

    private static long map(MemorySegment errno, long length, int ring, long offset)
            throws IOException {
        long address = SysMman.mapShared(errno, length, ring, offset);
        if (address < 0) {
            throw Kernel.failure("mmap", address, "a new ring");
        }
        return address;
    }

    /** The operations this kernel has, by number. */
    boolean[] probe(MemorySegment errno) {
        var supported = new boolean[256];
        try (Arena arena = Arena.ofConfined()) {
            long probe = arena.allocate(IoUring.PROBE_SIZE, 8).address();
            if (IoUring.register(errno, number, IoUring.REGISTER_PROBE, probe, supported.length)
                    == 0) {
                for (int operation = 0; operation < supported.length; operation++) {
                    long entry =
                            probe + IoUring.PROBE_OPS + (long) operation * IoUring.PROBE_OP_SIZE;
                    int opFlags = Memory.getShort(entry + IoUring.PROBE_OP_FLAGS);
                    supported[operation] = (opFlags & IoUring.PROBE_OP_SUPPORTED) != 0;
                }
            }
        }
        return supported;
    }

    void close(MemorySegment errno) {
        SysMman.unmap(errno, rings, ringsLength);
        SysMman.unmap(errno, entries, entriesLength);
        Unistd.close(errno, number);
    }
}
