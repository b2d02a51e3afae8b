package dev.volokno.file;

import dev.volokno.fiber.Offload;
import dev.volokno.file.GuardOptions.Access;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A process waits for leave to use a file. The first answer counts, from any thread: the user's, or
 * the guard's own when the time is over or it is closed.
 */
public final class AccessRequest {
    /** Whoever brings answers to the kernel. */
    interface Guard {
        /** Keeps the group open until {@link #leave}; false if it is closed. */
        boolean enter();

        void leave();

        /** Tells the kernel, which has the file open under {@code number}. */
        void respond(int number, boolean allowed);
    }

    private final Access access;
    private final Path path;
    private final int pid;
    private final int number;
    private final long deadlineNanos;
    private final Guard guard;

    /** Held for a moment: nobody who has it waits for anything. */
    private final ReentrantLock lock = new ReentrantLock();

    private volatile boolean answered;

    /**
     * Who wants what.
     *
     * @param number the file, opened for the guard by the kernel
     */
    record Wish(Access access, Path path, int pid, int number) {}

    AccessRequest(Wish wish, long deadlineNanos, Guard guard) {
        access = wish.access;
        path = wish.path;
        pid = wish.pid;
        number = wish.number;
        this.deadlineNanos = deadlineNanos;
        this.guard = guard;
    }

    /** What is wanted. */
    public Access access() {
        return access;
    }

    /** The file, as it is named now; a removed one's name ends with " (deleted)". */
    public Path path() {
        return path;
    }

    /** The process that waits; 0 if it cannot be seen from here. */
    public int pid() {
        return pid;
    }

    /** Lets it go on; false if it was answered before. Never parks. */
    public boolean allow() {
        return answer(true);
    }

    /** Has its call fail with {@code EPERM}; false if it was answered before. Never parks. */
    public boolean deny() {
        return answer(false);
    }

    /** Whether it does not wait any more. */
    public boolean isAnswered() {
        return answered;
    }

    /**
     * Reads from the file, whatever it is called now, without asking anybody. Parks.
     *
     * @return how many bytes; -1 at the end
     * @throws IllegalStateException if it is answered: the file is not ours any more
     */
    public int read(ByteBuffer target, long position) throws IOException {
        return Offload.call(() -> {
            int copy = duplicate();
            try (var file =
                    FileChannel.open(Path.of("/proc/self/fd/" + copy), StandardOpenOption.READ)) {
                return file.read(target, position);
            } finally {
                TheirFile.close(copy);
            }
        });
    }

    /** Another number for the file, so that an answer need not wait for what is done with it. */
    private int duplicate() throws IOException {
        lock.lock();
        try {
            if (answered) {
                throw new IllegalStateException(this + " is answered");
            }
            return TheirFile.duplicate(number);
        } finally {
            lock.unlock();
        }
    }

    long deadlineNanos() {
        return deadlineNanos;
    }

    /** The first answer; false if there was one, or the guard is being closed, which answers. */
    boolean answer(boolean allowed) {
        if (!guard.enter()) {
            return false;
        }
        try {
            return answerInside(allowed);
        } finally {
            guard.leave();
        }
    }

    /** For whoever knows that the group is open. */
    boolean answerInside(boolean allowed) {
        lock.lock();
        try {
            if (answered) {
                return false;
            }
            answered = true;
            guard.respond(number, allowed);
            return true;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public String toString() {
        return access + " of " + path + " by process " + pid;
    }
}
