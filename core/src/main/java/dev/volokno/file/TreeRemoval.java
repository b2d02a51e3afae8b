package dev.volokno.file;

import dev.volokno.linux.Dirent;
import dev.volokno.linux.Errno;
import dev.volokno.linux.Fcntl;
import dev.volokno.linux.Memory;
import dev.volokno.linux.Unistd;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Removes a tree on one thread, by names relative to open directories: nobody who puts a link in
 * the place of a directory meanwhile makes it remove something else.
 */
final class TreeRemoval {
    private static final int ROOM = 16 * 1024;
    private static final int OPEN =
            Fcntl.O_RDONLY | Fcntl.O_DIRECTORY | Fcntl.O_NOFOLLOW | Fcntl.O_CLOEXEC;

    private volatile boolean stopped;

    /** Ends it before the next name. Any thread. */
    void stop() {
        stopped = true;
    }

    /** Removes what {@code path} stands for: 0, or the negated errno. */
    long remove(MemorySegment errno, long path) {
        return remove(errno, Fcntl.AT_FDCWD, path);
    }

    private long remove(MemorySegment errno, int directory, long name) {
        if (stopped) {
            return -Errno.ECANCELED.number();
        }
        // EISDIR is Linux's word, EPERM that of POSIX.
        int result = Unistd.unlinkat(errno, directory, name, 0);
        if (!Errno.EISDIR.is(result) && !Errno.EPERM.is(result)) {
            return result;
        }
        int number = Fcntl.openat(errno, directory, name, OPEN);
        if (number < 0) {
            return Errno.ENOTDIR.is(number) ? result : number;
        }
        long emptied;
        try {
            emptied = empty(errno, number);
        } finally {
            Unistd.close(errno, number);
        }
        return emptied < 0 ? emptied : Unistd.unlinkat(errno, directory, name, Fcntl.AT_REMOVEDIR);
    }

    private long empty(MemorySegment errno, int number) {
        try (Arena arena = Arena.ofConfined()) {
            long room = arena.allocate(ROOM, 8).address();
            long count = Dirent.getdents64(errno, number, room, ROOM);
            while (count > 0) {
                long failure = removeAll(errno, number, room, room + count);
                if (failure < 0) {
                    return failure;
                }
                count = Dirent.getdents64(errno, number, room, ROOM);
            }
            return Errno.ENOENT.is(count) ? 0 : count;
        }
    }

    private long removeAll(MemorySegment errno, int number, long from, long end) {
        long entry = from;
        while (entry < end) {
            long name = entry + Dirent.D_NAME;
            if (!isDots(name)) {
                long result = remove(errno, number, name);
                // Somebody else may have been faster.
                if (result < 0 && !Errno.ENOENT.is(result)) {
                    return result;
                }
            }
            entry += Short.toUnsignedInt(Memory.getShort(entry + Dirent.D_RECLEN));
        }
        return 0;
    }

    private static boolean isDots(long name) {
        return Memory.getByte(name) == '.'
                && (Memory.getByte(name + 1) == 0
                        || (Memory.getByte(name + 1) == '.' && Memory.getByte(name + 2) == 0));
    }
}
