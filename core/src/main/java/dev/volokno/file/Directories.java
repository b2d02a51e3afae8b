package dev.volokno.file;

import dev.volokno.CancelledException;
import dev.volokno.linux.Errno;
import dev.volokno.linux.Fcntl;
import dev.volokno.linux.SysStat;
import dev.volokno.linux.Unistd;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Directories. Every method parks while the disk or a file server works, and is cancellable; what
 * the disk is doing by then may still happen.
 */
public final class Directories {
    private static final int OPEN = Fcntl.O_RDONLY | Fcntl.O_DIRECTORY | Fcntl.O_CLOEXEC;
    private static final int DEFAULT_MODE = 0777;

    private Directories() {}

    /**
     * The entries of a directory, however many there are: some hundreds are in memory at a time.
     * The listing has to be closed unless it was read to its end.
     *
     * @throws NoSuchFileException if it is not there
     * @throws NotDirectoryException if it is none
     */
    public static DirectoryListing list(Path directory) throws IOException {
        DirectoryReader reader = DirectoryReader.open(directory, 0);
        return new DirectoryListing(
                new DirectoryListing.Source() {
                    @Override
                    public @Nullable DirectoryEntry next() throws IOException {
                        return reader.next();
                    }

                    @Override
                    public void close() throws IOException {
                        reader.close();
                    }
                });
    }

    /**
     * Everything below a directory, each directory before what is in it. Symbolic links are told
     * and not followed. The listing has to be closed unless it was read to its end.
     */
    public static DirectoryListing walk(Path directory) throws IOException {
        return new DirectoryListing(new TreeWalk(directory, false));
    }

    /**
     * Like {@link #walk}, with symbolic links followed and told as what they lead to; as links
     * where they lead nowhere. A directory that is among its own ancestors is told, and then the
     * iterator throws once, with a {@link java.nio.file.FileSystemLoopException} as the cause.
     */
    public static DirectoryListing walkFollowing(Path directory) throws IOException {
        return new DirectoryListing(new TreeWalk(directory, true));
    }

    /**
     * Makes a directory, with the permissions that the umask leaves.
     *
     * @throws FileAlreadyExistsException if the name is taken
     */
    public static void make(Path directory) throws IOException {
        make(directory, DEFAULT_MODE);
    }

    /** Makes a directory with permissions, less the umask. */
    public static void make(Path directory, Set<PosixFilePermission> permissions)
            throws IOException {
        make(directory, Permissions.bits(permissions));
    }

    private static void make(Path directory, int mode) throws IOException {
        DiskCall.on(
                directory,
                "mkdir",
                (errno, path) -> SysStat.mkdirat(errno, Fcntl.AT_FDCWD, path, mode));
    }

    /**
     * Makes a directory and those above it that are missing; one that is there is fine.
     *
     * @throws FileAlreadyExistsException if one of the names is taken by something else
     */
    public static void makeAll(Path directory) throws IOException {
        try {
            make(directory);
        } catch (FileAlreadyExistsException e) {
            if (FileNames.typeOf(directory, true) != FileType.DIRECTORY) {
                throw e;
            }
        } catch (NoSuchFileException e) {
            Path parent = directory.getParent();
            if (parent == null) {
                throw e;
            }
            makeAll(parent);
            makeAll(directory);
        }
    }

    /**
     * Removes an empty directory.
     *
     * @throws DirectoryNotEmptyException if it is not
     */
    public static void remove(Path directory) throws IOException {
        DiskCall.on(
                directory,
                "rmdir",
                (errno, path) -> {
                    int flags = Fcntl.AT_REMOVEDIR;
                    int result = Unistd.unlinkat(errno, Fcntl.AT_FDCWD, path, flags);
                    // POSIX lets file systems choose.
                    return Errno.EEXIST.is(result) ? -Errno.ENOTEMPTY.number() : result;
                });
    }

    /**
     * Removes a file, a link, or a directory with everything in it; links are removed and never
     * followed. It stops at the first failure, and at a cancellation; what is gone by then is gone.
     * Nothing there is fine.
     */
    public static void removeTree(Path root) throws IOException {
        var removal = new TreeRemoval();
        try {
            DiskCall.on(
                    root,
                    "unlink",
                    (errno, path) -> {
                        long result = removal.remove(errno, path);
                        return Errno.ENOENT.is(result) ? 0 : result;
                    });
        } catch (CancelledException e) {
            removal.stop();
            throw e;
        }
    }

    /** Waits until the names in a directory are on the device (fsync(2) of the directory). */
    public static void sync(Path directory) throws IOException {
        DiskCall.on(directory, "fsync", Directories::sync);
    }

    private static long sync(MemorySegment errno, long directory) {
        int number = Fcntl.open(errno, directory, OPEN, 0);
        if (number < 0) {
            return number;
        }
        long result = Unistd.fsync(errno, number);
        Unistd.close(errno, number);
        return result;
    }
}
