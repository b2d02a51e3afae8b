package dev.volokno.fd;

import dev.volokno.SystemCallException;
import dev.volokno.backend.DirectOperation;
import dev.volokno.backend.Kernel;
import dev.volokno.descriptor.Descriptor;
import dev.volokno.descriptor.Kind;
import dev.volokno.descriptor.PathOpening;
import dev.volokno.engine.Engine;
import dev.volokno.fiber.Fiber;
import dev.volokno.linux.Fcntl;
import dev.volokno.linux.SysStat;
import dev.volokno.loop.Loop;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * A pipe with a name (fifo(7)), by which processes find each other. An open(2) as the shell does it
 * blocks until the other side is there; here only the fiber waits, and can be cancelled:
 *
 * <ul>
 *   <li>{@link #openReader} returns at once, and the first read waits for the first writer;
 *   <li>{@link #openWriter} returns when somebody reads.
 * </ul>
 *
 * <p>A reader is at its end when the last writer has closed. It stays so until somebody writes
 * again; {@link #reopen} waits for that.
 */
public final class Fifo {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(50);

    private final Path path;

    private Fifo(Path path) {
        this.path = Objects.requireNonNull(path, "path");
    }

    /** The fifo at {@code path}, which need not be there yet. */
    public static Fifo at(Path path) {
        return new Fifo(path);
    }

    /**
     * Makes one (mkfifo(3)). Parks.
     *
     * @param permissions less those that the process's umask takes away
     * @throws FileAlreadyExistsException if anything is at {@code path}
     */
    public static Fifo make(Path path, Set<PosixFilePermission> permissions) throws IOException {
        int mode = bits(permissions);
        try (Arena arena = Arena.ofShared()) {
            long name = arena.allocateFrom(path.toString()).address();
            long result =
                    Loop.current()
                            .engine()
                            .perform(
                                    DirectOperation.blocking(
                                            null,
                                            "mkfifo",
                                            (errno, none) -> SysStat.mkfifo(errno, name, mode)));
            Kernel.check("mkfifo", result, path.toString());
            return new Fifo(path);
        } catch (SystemCallException e) {
            throw e.errno().equals("EEXIST") ? exists(path, e) : e;
        }
    }

    private static IOException exists(Path path, SystemCallException cause) {
        var failure = new FileAlreadyExistsException(path.toString(), null, cause.getMessage());
        failure.initCause(cause);
        return failure;
    }

    /** Of {@code rw-r-----} each letter is a bit. */
    private static int bits(Set<PosixFilePermission> permissions) {
        String letters = PosixFilePermissions.toString(permissions);
        return Integer.parseInt(letters.replaceAll("[rwx]", "1").replace('-', '0'), 2);
    }

    /**
     * Opens it for reading, whether somebody writes or not. Reading, and waiting until it is
     * readable, waits for the first writer; the end comes when the last writer has closed. Parks
     * for the call itself.
     *
     * @throws NoSuchFileException if nothing is at the path
     * @throws FileSystemException if what is there is no fifo
     */
    public PipeEnd openReader() throws IOException {
        PipeEnd reader = open(Fcntl.O_RDONLY);
        reader.fd().descriptor().handle().awaitsWriter();
        return reader;
    }

    /**
     * Opens it for writing when somebody has opened it for reading. Parks until then.
     *
     * @throws NoSuchFileException if nothing is at the path
     * @throws FileSystemException if what is there is no fifo
     */
    public PipeEnd openWriter() throws IOException {
        // The kernel tells nobody that a reader waits in open(2): inotify speaks of a fifo only
        // when both sides are there, and an open(2) that blocks could not be cancelled.
        Duration pause = FIRST_PAUSE;
        Optional<PipeEnd> writer = tryOpenWriter();
        while (writer.isEmpty()) {
            Fiber.sleep(pause);
            pause = pause.multipliedBy(2);
            pause = pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
            writer = tryOpenWriter();
        }
        return writer.orElseThrow();
    }

    /** Opens it for writing if somebody has opened it for reading. Parks for the call itself. */
    public Optional<PipeEnd> tryOpenWriter() throws IOException {
        try {
            return Optional.of(open(Fcntl.O_WRONLY));
        } catch (NoSuchFileException e) {
            if (e.getCause() instanceof SystemCallException cause && isUnread(cause)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static boolean isUnread(SystemCallException failure) {
        return failure.errno().equals("ENXIO");
    }

    /**
     * Opens it for reading anew, and closes {@code ended}, a reader of this fifo that is at its
     * end. What was written meanwhile is not lost; the next end comes after another writer.
     */
    public PipeEnd reopen(PipeEnd ended) throws IOException {
        Objects.requireNonNull(ended, "ended");
        // As long as one side is open, the kernel keeps what is in the pipe.
        PipeEnd reader = openReader();
        ended.close();
        return reader;
    }

    private PipeEnd open(int access) throws IOException {
        Engine engine = Loop.current().engine();
        Descriptor descriptor = PathOpening.open(engine, path.toString(), access, Kind.PIPE);
        try {
            long type = descriptor.call("statx", SysStat::typeOf);
            if (type == SysStat.S_IFIFO) {
                return new PipeEnd(new Fd(descriptor));
            }
            throw new FileSystemException(path.toString(), null, "is no fifo");
        } catch (IOException | RuntimeException e) {
            descriptor.close();
            throw e;
        }
    }

    /** Where it is. */
    public Path path() {
        return path;
    }

    @Override
    public String toString() {
        return "fifo " + path;
    }
}
