package dev.volokno.file;

import dev.volokno.descriptor.Descriptor;
import dev.volokno.linux.Fcntl;
import dev.volokno.linux.Memory;
import dev.volokno.linux.SysStat;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * What statx(2) tells of a file.
 *
 * @param type what it is
 * @param mode its permissions, set-user-ID, set-group-ID and sticky bits
 * @param links how many names it has
 * @param owner a user's number
 * @param group a group's number
 * @param inode its number in its file system
 * @param device its file system's number: the major number's 32 bits, then the minor's
 * @param represents the device that a device file stands for, in the same form
 * @param size bytes
 * @param allocated bytes that it takes on the disk
 * @param blockSize what it is best read and written in
 * @param accessed when it was last read, as far as the file system keeps that
 * @param modified when its content last changed
 * @param changed when it itself last changed, its name or owner too
 * @param created when it was made, if the file system keeps that
 */
public record FileStatus(
        FileType type,
        int mode,
        int links,
        int owner,
        int group,
        long inode,
        long device,
        long represents,
        long size,
        long allocated,
        int blockSize,
        Instant accessed,
        Instant modified,
        Instant changed,
        Optional<Instant> created) {
    private static final int MASK = SysStat.STATX_BASIC_STATS | SysStat.STATX_BTIME;
    private static final int BLOCK = 512;
    private static final int MODE_BITS = 07777;

    /** Whether it is a directory. */
    public boolean isDirectory() {
        return type == FileType.DIRECTORY;
    }

    /** The nine permissions as the JDK names them. */
    public Set<PosixFilePermission> permissions() {
        return Permissions.of(mode);
    }

    /** Whether the other one is of the same file. */
    public boolean isSameFile(FileStatus other) {
        return inode == other.inode && device == other.device;
    }

    static FileStatus of(Descriptor descriptor) throws IOException {
        MemorySegment answer = Arena.ofAuto().allocate(SysStat.STATX_SIZE + 8, 8);
        long address = answer.address();
        // The memory behind the answer is zero: an empty path.
        long empty = address + SysStat.STATX_SIZE;
        DiskCall.on(
                descriptor,
                "statx",
                (errno, number) -> {
                    try {
                        return SysStat.statx(
                                errno, number, empty, Fcntl.AT_EMPTY_PATH, MASK, address);
                    } finally {
                        Reference.reachabilityFence(answer);
                    }
                });
        return from(answer);
    }

    /** {@code flags} says whether a symbolic link is followed. */
    static FileStatus of(Path path, int flags) throws IOException {
        MemorySegment answer = Arena.ofAuto().allocate(SysStat.STATX_SIZE, 8);
        DiskCall.on(
                path,
                "statx",
                (errno, name) -> {
                    try {
                        return SysStat.statx(
                                errno, Fcntl.AT_FDCWD, name, flags, MASK, answer.address());
                    } finally {
                        Reference.reachabilityFence(answer);
                    }
                });
        return from(answer);
    }

    private static FileStatus from(MemorySegment answer) {
        long at = answer.address();
        try {
            int mode = Short.toUnsignedInt(Memory.getShort(at + SysStat.STX_MODE));
            boolean born = (Memory.getInt(at + SysStat.STX_MASK) & SysStat.STATX_BTIME) != 0;
            return new FileStatus(
                    FileType.ofMode(mode),
                    mode & MODE_BITS,
                    Memory.getInt(at + SysStat.STX_NLINK),
                    Memory.getInt(at + SysStat.STX_UID),
                    Memory.getInt(at + SysStat.STX_GID),
                    Memory.getLong(at + SysStat.STX_INO),
                    device(at + SysStat.STX_DEV_MAJOR, at + SysStat.STX_DEV_MINOR),
                    device(at + SysStat.STX_RDEV_MAJOR, at + SysStat.STX_RDEV_MINOR),
                    Memory.getLong(at + SysStat.STX_SIZE),
                    Memory.getLong(at + SysStat.STX_BLOCKS) * BLOCK,
                    Memory.getInt(at + SysStat.STX_BLKSIZE),
                    time(at + SysStat.STX_ATIME),
                    time(at + SysStat.STX_MTIME),
                    time(at + SysStat.STX_CTIME),
                    born ? Optional.of(time(at + SysStat.STX_BTIME)) : Optional.empty());
        } finally {
            Reference.reachabilityFence(answer);
        }
    }

    private static long device(long major, long minor) {
        return (long) Memory.getInt(major) << Integer.SIZE
                | Integer.toUnsignedLong(Memory.getInt(minor));
    }

    private static Instant time(long at) {
        return Instant.ofEpochSecond(Memory.getLong(at), Memory.getInt(at + Long.BYTES));
    }
}
