package dev.volokno.file;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.volokno.linux.Errno;
import dev.volokno.linux.Fcntl;
import dev.volokno.linux.SysStat;
import dev.volokno.linux.SysXattr;
import dev.volokno.linux.Time;
import dev.volokno.linux.Unistd;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of a file besides its content, and may be changed. Symbolic links are followed.
 * Every method parks while the disk or a file server works.
 */
public final class FileAttributes {
    /** No value is longer (xattr(7)). */
    private static final int LONGEST = 64 * 1024;

    private FileAttributes() {}

    /** Sets the permissions; set-user-ID, set-group-ID and sticky bits are taken away. */
    public static void permissions(Path path, Set<PosixFilePermission> permissions)
            throws IOException {
        mode(path, Permissions.bits(permissions));
    }

    /** Sets all twelve bits (chmod(2)). */
    public static void mode(Path path, int bits) throws IOException {
        DiskCall.on(
                path,
                "chmod",
                (errno, name) -> SysStat.fchmodat(errno, Fcntl.AT_FDCWD, name, bits, 0));
    }

    /** Sets owner and group; -1 leaves one as it is. */
    public static void owner(Path path, int user, int group) throws IOException {
        DiskCall.on(
                path,
                "chown",
                (errno, name) -> Unistd.fchownat(errno, Fcntl.AT_FDCWD, name, user, group, 0));
    }

    /** Sets when it was last read and when it was last changed. */
    public static void times(Path path, Instant accessed, Instant modified) throws IOException {
        setTimes(path, accessed, modified);
    }

    /** Sets when it was last changed. */
    public static void modified(Path path, Instant time) throws IOException {
        setTimes(path, null, time);
    }

    private static void setTimes(Path path, @Nullable Instant accessed, Instant modified)
            throws IOException {
        MemorySegment times = Arena.ofAuto().allocate(2L * Time.TIMESPEC_SIZE, 8);
        put(times, 0, accessed);
        put(times, Time.TIMESPEC_SIZE, modified);
        DiskCall.on(
                path,
                "utimensat",
                (errno, name) -> {
                    try {
                        return SysStat.utimensat(errno, Fcntl.AT_FDCWD, name, times.address(), 0);
                    } finally {
                        Reference.reachabilityFence(times);
                    }
                });
    }

    private static void put(MemorySegment times, long at, @Nullable Instant time) {
        var seconds = JAVA_LONG;
        times.set(seconds, at, time == null ? 0 : time.getEpochSecond());
        times.set(seconds, at + Long.BYTES, time == null ? SysStat.UTIME_OMIT : time.getNano());
    }

    // ---- extended attributes

    /**
     * An extended attribute's value, such as that of {@code user.comment} (xattr(7)); empty if the
     * file has no such one.
     */
    public static Optional<byte[]> extended(Path path, String name) throws IOException {
        MemorySegment key = Arena.ofAuto().allocateFrom(name);
        MemorySegment value = Arena.ofAuto().allocate(LONGEST);
        long length =
                DiskCall.on(
                        path,
                        "getxattr",
                        (errno, file) -> {
                            try {
                                long result =
                                        SysXattr.getxattr(
                                                errno,
                                                file,
                                                key.address(),
                                                value.address(),
                                                LONGEST);
                                return Errno.ENODATA.is(result) ? LONGEST + 1 : result;
                            } finally {
                                Reference.reachabilityFence(key);
                                Reference.reachabilityFence(value);
                            }
                        });
        return length > LONGEST
                ? Optional.empty()
                : Optional.of(value.asSlice(0, length).toArray(JAVA_BYTE));
    }

    /** Sets an extended attribute, whether the file has it or not. */
    public static void extended(Path path, String name, byte[] value) throws IOException {
        Arena arena = Arena.ofAuto();
        MemorySegment key = arena.allocateFrom(name);
        MemorySegment bytes = arena.allocate(value.length + 1L);
        MemorySegment.copy(value, 0, bytes, JAVA_BYTE, 0, value.length);
        DiskCall.on(
                path,
                "setxattr",
                (errno, file) -> {
                    try {
                        return SysXattr.setxattr(
                                errno, file, key.address(), bytes.address(), value.length, 0);
                    } finally {
                        Reference.reachabilityFence(key);
                        Reference.reachabilityFence(bytes);
                    }
                });
    }

    /** Removes an extended attribute; false if the file has no such one. */
    public static boolean removeExtended(Path path, String name) throws IOException {
        MemorySegment key = Arena.ofAuto().allocateFrom(name);
        return DiskCall.on(
                        path,
                        "removexattr",
                        (errno, file) -> {
                            try {
                                long result = SysXattr.removexattr(errno, file, key.address());
                                return Errno.ENODATA.is(result) ? 1 : result;
                            } finally {
                                Reference.reachabilityFence(key);
                            }
                        })
                == 0;
    }

    /** The names of its extended attributes. */
    public static List<String> extendedNames(Path path) throws IOException {
        MemorySegment names = Arena.ofAuto().allocate(LONGEST);
        long length =
                DiskCall.on(
                        path,
                        "listxattr",
                        (errno, file) -> {
                            try {
                                return SysXattr.listxattr(errno, file, names.address(), LONGEST);
                            } finally {
                                Reference.reachabilityFence(names);
                            }
                        });
        var result = new ArrayList<String>();
        long at = 0;
        while (at < length) {
            String name = names.getString(at, StandardCharsets.UTF_8);
            result.add(name);
            at += name.getBytes(StandardCharsets.UTF_8).length + 1L;
        }
        return result;
    }
}
