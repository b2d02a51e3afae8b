package dev.volokno.file;

import dev.volokno.SystemCallException;
import dev.volokno.backend.Kernel;
import dev.volokno.linux.Errno;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.NotLinkException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A call on a path failed, in the JDK's words; the cause is the {@link SystemCallException}. */
final class FileFailure {
    private FileFailure() {}

    static FileSystemException of(String call, long result, Path path) {
        return of(call, result, path, null);
    }

    /** {@code other} is the second path of calls that have two. */
    static FileSystemException of(String call, long result, Path path, @Nullable Path other) {
        String target = other == null ? path.toString() : path + " -> " + other;
        SystemCallException cause = Kernel.failure(call, result, target);
        FileSystemException failure =
                javas(result, path, other, String.valueOf(cause.getMessage()));
        failure.initCause(cause);
        return failure;
    }

    private static FileSystemException javas(
            long result, Path path, @Nullable Path other, String reason) {
        String file = path.toString();
        String second = other == null ? null : other.toString();
        if (Errno.ENOENT.is(result)) {
            return new NoSuchFileException(file, second, reason);
        }
        if (Errno.EEXIST.is(result)) {
            return new FileAlreadyExistsException(file, second, reason);
        }
        if (Errno.EACCES.is(result) || Errno.EPERM.is(result)) {
            return new AccessDeniedException(file, second, reason);
        }
        if (Errno.ENOTEMPTY.is(result)) {
            return new DirectoryNotEmptyException(second == null ? file : second);
        }
        if (Errno.ENOTDIR.is(result)) {
            return new NotDirectoryException(file);
        }
        if (Errno.ELOOP.is(result)) {
            return new FileSystemLoopException(file);
        }
        return new FileSystemException(file, second, reason);
    }

    /** readlink(2) says it in a word that means everything. */
    static FileSystemException notLink(long result, Path path) {
        if (!Errno.EINVAL.is(result)) {
            return of("readlink", result, path);
        }
        var failure = new NotLinkException(path.toString());
        failure.initCause(Kernel.failure("readlink", result, path.toString()));
        return failure;
    }
}
