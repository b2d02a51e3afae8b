package dev.volokno.file;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.volokno.linux.Fcntl;
import dev.volokno.linux.Stdio;
import dev.volokno.linux.Stdlib;
import dev.volokno.linux.Unistd;
import dev.volokno.loop.Loop;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotLinkException;
import java.nio.file.Path;

/**
 * The names of files of every kind: what they stand for, and how they come and go. Every method
 * parks while the disk or a file server works, and is cancellable; what the disk is doing by then
 * may still happen. Failures are the JDK's, such as {@link NoSuchFileException}, each caused by a
 * {@link dev.volokno.SystemCallException} that names the call and the errno.
 */
public final class FileNames {
    private static final int PATH_MAX = Stdlib.PATH_MAX;

    private FileNames() {}

    // ---- what a name stands for

    /** What statx(2) tells of the file that {@code path} leads to. */
    public static FileStatus status(Path path) throws IOException {
        return FileStatus.of(path, 0);
    }

    /** The same of a symbolic link itself, if that is what {@code path} is. */
    public static FileStatus linkStatus(Path path) throws IOException {
        return FileStatus.of(path, Fcntl.AT_SYMLINK_NOFOLLOW);
    }

    /** Whether {@code path} leads to something. */
    public static boolean exists(Path path) throws IOException {
        try {
            status(path);
            return true;
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /** What it is; followed links that lead nowhere are links. */
    static FileType typeOf(Path path, boolean following) throws IOException {
        if (following) {
            try {
                return status(path).type();
            } catch (NoSuchFileException leadsNowhere) {
                return linkStatus(path).type();
            }
        }
        return linkStatus(path).type();
    }

    /** The path without links and dots, if it leads to something (realpath(3)). */
    public static Path realPath(Path path) throws IOException {
        MemorySegment resolved = Arena.ofAuto().allocate(PATH_MAX);
        DiskCall.on(
                path,
                "realpath",
                (errno, name) -> {
                    try {
                        return Stdlib.realpath(errno, name, resolved.address());
                    } finally {
                        Reference.reachabilityFence(resolved);
                    }
                });
        return PathName.path(upToZero(resolved));
    }

    private static byte[] upToZero(MemorySegment text) {
        long length = 0;
        while (text.get(JAVA_BYTE, length) != 0) {
            length++;
        }
        return text.asSlice(0, length).toArray(JAVA_BYTE);
    }

    /**
     * Where a symbolic link points.
     *
     * @throws NotLinkException if it is none
     */
    public static Path readLink(Path link) throws IOException {
        MemorySegment target = Arena.ofAuto().allocate(PATH_MAX);
        MemorySegment name = PathName.of(link);
        long length =
                DiskCall.make(
                        Loop.current().engine(),
                        "readlink",
                        (errno, none) -> {
                            try {
                                return Unistd.readlinkat(
                                        errno,
                                        Fcntl.AT_FDCWD,
                                        name.address(),
                                        target.address(),
                                        PATH_MAX);
                            } finally {
                                Reference.reachabilityFence(name);
                                Reference.reachabilityFence(target);
                            }
                        },
                        _ -> {});
        if (length < 0) {
            throw FileFailure.notLink(length, link);
        }
        return PathName.path(target.asSlice(0, length).toArray(JAVA_BYTE));
    }

    // ---- names come and go

    /**
     * Gives a file another name (link(2)): both are equal.
     *
     * @throws FileAlreadyExistsException if {@code name} is taken
     */
    public static void link(Path file, Path name) throws IOException {
        DiskCall.on(
                file,
                name,
                "link",
                (errno, from, to) ->
                        Unistd.linkat(errno, Fcntl.AT_FDCWD, from, Fcntl.AT_FDCWD, to, 0));
    }

    /**
     * Makes a symbolic link that points to {@code target}, which need not be there.
     *
     * @throws FileAlreadyExistsException if {@code link} is taken
     */
    public static void symbolicLink(Path link, Path target) throws IOException {
        DiskCall.on(
                link,
                target,
                "symlink",
                (errno, name, to) -> Unistd.symlinkat(errno, to, Fcntl.AT_FDCWD, name));
    }

    /**
     * Renames, in one step for everybody who looks; what has the new name already is replaced.
     *
     * @throws DirectoryNotEmptyException if that is a directory with something in it
     * @throws java.nio.file.FileSystemException caused by {@code EXDEV} if the two are on different
     *     file systems
     */
    public static void rename(Path from, Path to) throws IOException {
        rename(from, to, 0);
    }

    /**
     * Renames if the new name is free.
     *
     * @throws FileAlreadyExistsException if it is not
     */
    public static void renameNew(Path from, Path to) throws IOException {
        rename(from, to, Stdio.RENAME_NOREPLACE);
    }

    /** Exchanges what two names stand for, in one step. */
    public static void exchange(Path one, Path other) throws IOException {
        rename(one, other, Stdio.RENAME_EXCHANGE);
    }

    private static void rename(Path from, Path to, int flags) throws IOException {
        DiskCall.on(
                from,
                to,
                "rename",
                (errno, old, fresh) ->
                        Stdio.renameat2(errno, Fcntl.AT_FDCWD, old, Fcntl.AT_FDCWD, fresh, flags));
    }

    /** Removes a name that is none of a directory; the file goes with its last one. */
    public static void remove(Path path) throws IOException {
        DiskCall.on(
                path, "unlink", (errno, name) -> Unistd.unlinkat(errno, Fcntl.AT_FDCWD, name, 0));
    }

    /** The same; false if there is none. */
    public static boolean removeIfThere(Path path) throws IOException {
        try {
            remove(path);
            return true;
        } catch (NoSuchFileException e) {
            return false;
        }
    }
}
