package dev.volokno.file;

import dev.volokno.linux.Dirent;
import dev.volokno.linux.Errno;
import dev.volokno.linux.Fcntl;
import dev.volokno.linux.Memory;
import dev.volokno.linux.SysStat;
import dev.volokno.linux.Unistd;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A directory as a worker reads it, where every call may block. Failures are negated errnos. */
final class OpenDirectory implements AutoCloseable {
    private static final int FLAGS =
            Fcntl.O_RDONLY | Fcntl.O_DIRECTORY | Fcntl.O_NONBLOCK | Fcntl.O_CLOEXEC;
    private static final int ENTRIES_SIZE = 32_768;
    private static final int LONGEST_NAME = 255;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final MemorySegment errno;
    private final int number;
    private final Arena arena = Arena.ofConfined();
    private final MemorySegment name = arena.allocate(LONGEST_NAME + 1L);
    private final MemorySegment entries = arena.allocate(ENTRIES_SIZE, Long.BYTES);
    private final long status = arena.allocate(SysStat.STATX_SIZE, Long.BYTES).address();

    /** What statx(2) tells of a file; times in nanoseconds since 1970. */
    record Status(long inode, int type, long modified, long changed, long size) {
        boolean isDirectory() {
            return type == SysStat.S_IFDIR;
        }
    }

    private OpenDirectory(MemorySegment errno, int number) {
        this.errno = errno;
        this.number = number;
    }

    /** Opens it; {@link #number} is negative if that failed. */
    static OpenDirectory open(MemorySegment errno, String rawPath, boolean followLink) {
        try (Arena arena = Arena.ofConfined()) {
            long path = arena.allocateFrom(rawPath, StandardCharsets.ISO_8859_1).address();
            int flags = followLink ? FLAGS : FLAGS | Fcntl.O_NOFOLLOW;
            return new OpenDirectory(errno, Fcntl.open(errno, path, flags, 0));
        }
    }

    /** Whether a failure says that there is no such directory. */
    static boolean isGone(long result) {
        return Errno.ENOENT.is(result) || Errno.ENOTDIR.is(result) || Errno.ELOOP.is(result);
    }

    /** Whether something has this path; a link counts itself. */
    static boolean exists(MemorySegment errno, String rawPath) {
        return lookAt(errno, rawPath, Fcntl.AT_SYMLINK_NOFOLLOW) != null;
    }

    /** Looks at what a path leads to; null if that is nothing. */
    static @Nullable Status statusOf(MemorySegment errno, String rawPath) {
        return lookAt(errno, rawPath, 0);
    }

    private static @Nullable Status lookAt(MemorySegment errno, String rawPath, int flags) {
        try (Arena arena = Arena.ofConfined()) {
            long path = arena.allocateFrom(rawPath, StandardCharsets.ISO_8859_1).address();
            long answer = arena.allocate(SysStat.STATX_SIZE, Long.BYTES).address();
            int mask = SysStat.STATX_BASIC_STATS;
            int result = SysStat.statx(errno, Fcntl.AT_FDCWD, path, flags, mask, answer);
            return result < 0 ? null : decode(answer);
        }
    }

    int number() {
        return number;
    }

    /** Adds the names in it to {@code names}: 0. */
    long list(List<String> names) {
        while (true) {
            long length = Dirent.getdents64(errno, number, entries.address(), ENTRIES_SIZE);
            if (length <= 0) {
                return length;
            }
            long at = entries.address();
            long end = at + length;
            while (at < end) {
                String found = nameAt(at + Dirent.D_NAME);
                if (!".".equals(found) && !"..".equals(found)) {
                    names.add(found);
                }
                at += Short.toUnsignedInt(Memory.getShort(at + Dirent.D_RECLEN));
            }
        }
    }

    private static String nameAt(long address) {
        int length = 0;
        while (Memory.getByte(address + length) != 0) {
            length++;
        }
        return StandardCharsets.ISO_8859_1
                .decode(Memory.at(address, length).asByteBuffer())
                .toString();
    }

    /** Looks at what has a name in it, and not behind a link; null if it is not there. */
    @Nullable Status status(String of) {
        name.setString(0, of, StandardCharsets.ISO_8859_1);
        return status(name.address(), Fcntl.AT_SYMLINK_NOFOLLOW);
    }

    /** Looks at the directory itself. */
    @Nullable Status status() {
        name.setString(0, "", StandardCharsets.ISO_8859_1);
        return status(name.address(), Fcntl.AT_EMPTY_PATH);
    }

    private @Nullable Status status(long path, int flags) {
        int mask = SysStat.STATX_BASIC_STATS;
        int result = SysStat.statx(errno, number, path, flags, mask, status);
        return result < 0 ? null : decode(status);
    }

    private static Status decode(long status) {
        return new Status(
                Memory.getLong(status + SysStat.STX_INO),
                Short.toUnsignedInt(Memory.getShort(status + SysStat.STX_MODE)) & SysStat.S_IFMT,
                time(status + SysStat.STX_MTIME),
                time(status + SysStat.STX_CTIME),
                Memory.getLong(status + SysStat.STX_SIZE));
    }

    private static long time(long address) {
        return Memory.getLong(address) * NANOS_PER_SECOND + Memory.getInt(address + Long.BYTES);
    }

    @Override
    public void close() {
        if (number >= 0) {
            Unistd.close(errno, number);
        }
        arena.close();
    }
}
