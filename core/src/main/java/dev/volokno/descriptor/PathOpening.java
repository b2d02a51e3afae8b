package dev.volokno.descriptor;

import dev.volokno.SystemCallException;
import dev.volokno.backend.DirectOperation;
import dev.volokno.backend.Kernel;
import dev.volokno.backend.Pool;
import dev.volokno.engine.Engine;
import dev.volokno.linux.Fcntl;
import dev.volokno.linux.Unistd;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** open(2) of something that has a path, on another thread: a device may take its time. */
public final class PathOpening {
    private static final int FLAGS = Fcntl.O_CLOEXEC | Fcntl.O_NOCTTY | Fcntl.O_NONBLOCK;

    private PathOpening() {}

    /**
     * Opens {@code path}, non-blocking and close-on-exec, never as the controlling terminal.
     *
     * @param access {@link Fcntl#O_RDONLY}, {@link Fcntl#O_WRONLY} or {@link Fcntl#O_RDWR}
     * @throws NoSuchFileException if nothing is there, or no device behind what is there
     * @throws AccessDeniedException if it may not be opened
     */
    public static Descriptor open(Engine engine, String path, int access, Kind kind)
            throws IOException {
        MemorySegment name = Arena.ofAuto().allocateFrom(path);
        var opening =
                DirectOperation.abandonable(
                        null,
                        "open",
                        (errno, none) -> open(errno, name, access),
                        late -> closeUnwanted(engine, late));
        try {
            long result = engine.perform(opening);
            Descriptor.throwIfEnded(result, false);
            return Descriptor.opened(engine, Kernel.check("open", result, path), kind, path);
        } catch (SystemCallException e) {
            throw javaException(path, e);
        }
    }

    private static long open(MemorySegment errno, MemorySegment name, int access) {
        try {
            return Fcntl.open(errno, name.address(), access | FLAGS, 0);
        } finally {
            Reference.reachabilityFence(name);
        }
    }

    /** It was opened after all, when nobody waited for that any more. */
    private static void closeUnwanted(Engine engine, long number) {
        if (number < 0) {
            return;
        }
        if (!engine.isEnded()) {
            engine.workers()
                    .call(Pool.DEVICES, errno -> Unistd.close(errno, (int) number), _ -> {});
            return;
        }
        try (Arena arena = Arena.ofConfined()) {
            Unistd.close(Kernel.newErrno(arena), (int) number);
        }
    }

    private static IOException javaException(String path, SystemCallException failure) {
        String reason = failure.getMessage();
        FileSystemException known =
                switch (failure.errno()) {
                    case "ENOENT", "ENXIO", "ENODEV", "ENOTDIR" ->
                            new NoSuchFileException(path, null, reason);
                    case "EACCES", "EPERM" -> new AccessDeniedException(path, null, reason);
                    default -> null;
                };
        if (known == null) {
            return failure;
        }
        known.initCause(failure);
        return known;
    }
}
