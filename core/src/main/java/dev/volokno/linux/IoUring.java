package dev.volokno.linux;

import static dev.volokno.linux.Native.INT;
import static dev.volokno.linux.Native.LONG;
import static dev.volokno.linux.Native.POINTER;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** {@code <linux/io_uring.h>}: the three system calls, the constants and the offsets we use. */
public final class IoUring {
    public static final int SETUP_CLAMP = 1 << 4;
    public static final int SETUP_SUBMIT_ALL = 1 << 7;
    public static final int SETUP_COOP_TASKRUN = 1 << 8;
    public static final int SETUP_TASKRUN_FLAG = 1 << 9;
    public static final int SETUP_SINGLE_ISSUER = 1 << 12;
    public static final int SETUP_DEFER_TASKRUN = 1 << 13;
    public static final int SETUP_NO_SQARRAY = 1 << 16;

    public static final int FEAT_SINGLE_MMAP = 1;
    public static final int FEAT_NODROP = 1 << 1;
    public static final int FEAT_SUBMIT_STABLE = 1 << 2;
    public static final int FEAT_RW_CUR_POS = 1 << 3;
    public static final int FEAT_FAST_POLL = 1 << 5;
    public static final int FEAT_EXT_ARG = 1 << 8;
    public static final int FEAT_NATIVE_WORKERS = 1 << 9;

    public static final int ENTER_GETEVENTS = 1;
    public static final int ENTER_EXT_ARG = 1 << 3;

    public static final int SQ_CQ_OVERFLOW = 1 << 1;
    public static final int SQ_TASKRUN = 1 << 2;

    public static final long OFF_SQ_RING = 0L;
    public static final long OFF_SQES = 0x10000000L;

    public static final int REGISTER_EVENTFD = 4;
    public static final int REGISTER_PROBE = 8;
    public static final int REGISTER_IOWQ_MAX_WORKERS = 19;
    public static final int PROBE_SIZE = 16 + 256 * 8;
    public static final int PROBE_OPS = 16;
    public static final int PROBE_OP_SIZE = 8;
    public static final int PROBE_OP_FLAGS = 2;
    public static final int PROBE_OP_SUPPORTED = 1;

    public static final int OP_NOP = 0;
    public static final int OP_READV = 1;
    public static final int OP_WRITEV = 2;
    public static final int OP_POLL_ADD = 6;
    public static final int OP_SENDMSG = 9;
    public static final int OP_RECVMSG = 10;
    public static final int OP_ACCEPT = 13;
    public static final int OP_ASYNC_CANCEL = 14;
    public static final int OP_CONNECT = 16;
    public static final int OP_READ = 22;
    public static final int OP_WRITE = 23;
    public static final int OP_SEND = 26;
    public static final int OP_RECV = 27;

    /** Since 5.19: its presence tells of that version's receive flags. */
    public static final int OP_SOCKET = 45;

    /** {@code sqe.ioprio} of receive and send: arm the poll before the first try (5.19). */
    public static final short RECVSEND_POLL_FIRST = 1;

    public static final int CQE_F_SOCK_NONEMPTY = 1 << 2;

    public static final int SQE_SIZE = 64;
    public static final int SQE_OPCODE = 0;
    public static final int SQE_FLAGS = 1;
    public static final int SQE_IOPRIO = 2;
    public static final int SQE_FD = 4;
    public static final int SQE_OFF = 8;
    public static final int SQE_ADDR = 16;
    public static final int SQE_LEN = 24;
    public static final int SQE_OP_FLAGS = 28;
    public static final int SQE_USER_DATA = 32;
    public static final int SQE_REST = 40;

    public static final int CQE_SIZE = 16;
    public static final int CQE_USER_DATA = 0;
    public static final int CQE_RES = 8;
    public static final int CQE_FLAGS = 12;

    public static final int PARAMS_SIZE = 120;
    public static final int PARAMS_SQ_ENTRIES = 0;
    public static final int PARAMS_CQ_ENTRIES = 4;
    public static final int PARAMS_FLAGS = 8;
    public static final int PARAMS_FEATURES = 20;
    public static final int PARAMS_SQ_OFF = 40;
    public static final int PARAMS_CQ_OFF = 80;

    public static final int SQ_OFF_HEAD = 0;
    public static final int SQ_OFF_TAIL = 4;
    public static final int SQ_OFF_RING_MASK = 8;
    public static final int SQ_OFF_FLAGS = 16;
    public static final int SQ_OFF_ARRAY = 24;

    public static final int CQ_OFF_HEAD = 0;
    public static final int CQ_OFF_TAIL = 4;
    public static final int CQ_OFF_RING_MASK = 8;
    public static final int CQ_OFF_CQES = 20;

    /**
     * {@code struct io_uring_getevents_arg}: sigmask, its size, the least wait, the address of a
     * timespec.
     */
    public static final int GETEVENTS_ARG_SIZE = 24;

    public static final int GETEVENTS_ARG_TIMESPEC = 16;

    private static final MethodHandle SETUP =
            Native.variadic("syscall", 1, LONG, LONG, INT, POINTER);
    private static final MethodHandle ENTER =
            Native.variadic("syscall", 1, LONG, LONG, INT, INT, INT, INT, POINTER, LONG);
    private static final MethodHandle REGISTER =
            Native.variadic("syscall", 1, LONG, LONG, INT, INT, POINTER, INT);

    private IoUring() {}

    public static int setup(MemorySegment errno, int entries, long params) {
        try {
            long fd =
                    (long)
                            SETUP.invokeExact(
                                    errno, (long) Arch.SYS_IO_URING_SETUP, entries, params);
            return (int) Native.result(fd, errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    /**
     * Submits {@code submit} entries and waits until {@code complete} completions are there or the
     * time in the {@code struct io_uring_getevents_arg} at {@code argument} is over.
     */
    public static int enter(
            MemorySegment errno, int ring, int submit, int complete, long argument) {
        try {
            long submitted =
                    (long)
                            ENTER.invokeExact(
                                    errno,
                                    (long) Arch.SYS_IO_URING_ENTER,
                                    ring,
                                    submit,
                                    complete,
                                    ENTER_GETEVENTS | ENTER_EXT_ARG,
                                    argument,
                                    (long) GETEVENTS_ARG_SIZE);
            return (int) Native.result(submitted, errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    public static int register(MemorySegment errno, int ring, int what, long argument, int count) {
        try {
            long result =
                    (long)
                            REGISTER.invokeExact(
                                    errno,
                                    (long) Arch.SYS_IO_URING_REGISTER,
                                    ring,
                                    what,
                                    argument,
                                    count);
            return (int) Native.result(result, errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }
}
