package dev.volokno.file;

import dev.volokno.descriptor.Descriptor;
import dev.volokno.fiber.Fiber;
import dev.volokno.linux.Errno;
import dev.volokno.linux.Fcntl;
import dev.volokno.linux.Memory;
import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Optional;

/**
 * A lock on a range of a file, until it is closed or the file is (F_OFD_SETLK, fcntl(2)). Locks of
 * one open file on overlapping ranges do not conflict: the later one replaces the earlier one
 * there.
 */
public final class RangeLock implements Closeable {
    private static final Duration FIRST_WAIT = Duration.ofMillis(1);
    private static final Duration LONGEST_WAIT = Duration.ofMillis(50);

    private final Descriptor file;
    private final Range range;
    private boolean released;

    /** Where, and whether with others. */
    record Range(boolean shared, long from, long length) {}

    private RangeLock(Descriptor file, Range range) {
        this.file = file;
        this.range = range;
    }

    static RangeLock await(Descriptor file, Range range) throws IOException {
        Duration wait = FIRST_WAIT;
        Optional<RangeLock> lock = attempt(file, range);
        while (lock.isEmpty()) {
            Fiber.sleep(wait);
            wait = wait.compareTo(LONGEST_WAIT) < 0 ? wait.multipliedBy(2) : LONGEST_WAIT;
            lock = attempt(file, range);
        }
        return lock.get();
    }

    static Optional<RangeLock> attempt(Descriptor file, Range range) throws IOException {
        int type = range.shared ? Fcntl.F_RDLCK : Fcntl.F_WRLCK;
        var lock = new RangeLock(file, range);
        // Not to be left behind: a lock that comes when nobody waits for it would stay.
        long held =
                file.call("fcntl(F_OFD_SETLK)", (errno, number) -> lock.set(errno, number, type));
        return held == 1 ? Optional.of(lock) : Optional.empty();
    }

    /** 1 if it is held now, 0 if somebody else holds it. */
    private long set(MemorySegment errno, int number, int type) {
        try (Arena arena = Arena.ofConfined()) {
            long flock = arena.allocate(Fcntl.FLOCK_SIZE, 8).address();
            Memory.putShort(flock + Fcntl.FLOCK_TYPE, (short) type);
            Memory.putLong(flock + Fcntl.FLOCK_START, range.from);
            Memory.putLong(flock + Fcntl.FLOCK_LEN, range.length);
            long result = Fcntl.fcntl(errno, number, Fcntl.F_OFD_SETLK, flock);
            boolean taken = Errno.EAGAIN.is(result) || Errno.EACCES.is(result);
            return taken ? 0 : result < 0 ? result : 1;
        }
    }

    /** Whether others may hold it too. */
    public boolean isShared() {
        return range.shared;
    }

    /** Gives it back; doing so again, or after the file was closed, does nothing. */
    @Override
    public void close() throws IOException {
        if (!released && file.isOpen()) {
            released = true;
            DiskCall.on(
                    file,
                    "fcntl(F_OFD_SETLK)",
                    (errno, number) -> set(errno, number, Fcntl.F_UNLCK));
        }
    }
}
