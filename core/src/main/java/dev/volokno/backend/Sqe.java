package dev.volokno.backend;

import dev.volokno.linux.IoUring;
import dev.volokno.linux.Memory;
import dev.volokno.linux.Poll;

/** Fills cleared submission entries. */
final class Sqe {
    private static volatile short pollFirst;

    private Sqe() {}

    /**
     * The flag by which a receive waits before it tries, once a ring has been seen that knows it.
     */
    static short pollFirst() {
        return pollFirst;
    }

    static void knowsPollFirst() {
        pollFirst = IoUring.RECVSEND_POLL_FIRST;
    }

    static void begin(long entry, int opcode, int fd) {
        Memory.putByte(entry + IoUring.SQE_OPCODE, (byte) opcode);
        Memory.putInt(entry + IoUring.SQE_FD, fd);
    }

    static void memory(long entry, long address, long length) {
        Memory.putLong(entry + IoUring.SQE_ADDR, address);
        // The field has 32 bits, and no transfer is longer than this one (read(2)).
        Memory.putInt(entry + IoUring.SQE_LEN, (int) Math.min(length, Operation.LONGEST_TRANSFER));
    }

    static void flags(long entry, int operationFlags) {
        Memory.putInt(entry + IoUring.SQE_OP_FLAGS, operationFlags);
    }

    static void poll(long entry, int fd, int events) {
        Memory.putByte(entry + IoUring.SQE_OPCODE, (byte) IoUring.OP_POLL_ADD);
        Memory.putInt(entry + IoUring.SQE_FD, fd);
        // A ring sleeps through a wake-up that matches POLLPRI alone; a socket's also says this,
        // whatever has arrived.
        flags(entry, (events & Poll.POLLPRI) == 0 ? events : events | Poll.POLLRDBAND);
    }

    static void cancel(long entry, long target) {
        Memory.putByte(entry + IoUring.SQE_OPCODE, (byte) IoUring.OP_ASYNC_CANCEL);
        Memory.putInt(entry + IoUring.SQE_FD, -1);
        Memory.putLong(entry + IoUring.SQE_ADDR, target);
    }
}
