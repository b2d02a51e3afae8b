package dev.volokno.fd;

import dev.volokno.SystemCallException;
import dev.volokno.backend.Kernel;
import dev.volokno.descriptor.Descriptor;
import dev.volokno.descriptor.Kind;
import dev.volokno.descriptor.PathOpening;
import dev.volokno.engine.Engine;
import dev.volokno.linux.Fcntl;
import dev.volokno.linux.SysStat;
import dev.volokno.loop.Loop;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.FileSystemException;

/**
 * The process's standard streams, which {@code System.in} and {@code System.out} would block the
 * loop on.
 *
 * <p>Other processes use the same open file, the shell first of all, so it never becomes
 * non-blocking:
 *
 * <ul>
 *   <li>a terminal, pipe or fifo is opened anew, for this stream alone, as non-blocking;
 *   <li>where that is not allowed (a terminal of another user, a fifo without a reader) the kernel
 *       is asked before each call, and a write, which may wait even then, is made in small pieces
 *       on another thread; another process that takes the input in between makes the loop wait;
 *   <li>a socket is read and written by calls that do not wait;
 *   <li>a regular file or {@code /dev/null} never waits long, and is read and written directly.
 * </ul>
 *
 * <p>Each call opens a stream of its own on the current loop; closing it does not close descriptors
 * 0 to 2. Open each once: bytes left over in one stream are not seen by another, nor by {@code
 * System.in}.
 */
public final class StandardStreams {
    private static final int FIRST_FREE = 3;

    private StandardStreams() {}

    /**
     * Opens the standard input; the other direction is refused. Parks.
     *
     * @throws IOException naming the call and the errno, such as {@code EBADF} if it is closed
     */
    public static ByteStream in() throws IOException {
        return ByteStream.over(open(0, "standard input", Fcntl.O_RDONLY));
    }

    /**
     * Opens the standard output. Parks.
     *
     * @throws IOException naming the call and the errno, such as {@code EBADF} if it is closed
     */
    public static ByteStream out() throws IOException {
        return ByteStream.over(open(1, "standard output", Fcntl.O_WRONLY));
    }

    /**
     * Opens the standard error output. Parks.
     *
     * @throws IOException naming the call and the errno, such as {@code EBADF} if it is closed
     */
    public static ByteStream err() throws IOException {
        return ByteStream.over(open(2, "standard error", Fcntl.O_WRONLY));
    }

    private static Fd open(int number, String name, int access) throws IOException {
        Engine engine = Loop.current().engine();
        return switch (typeOf(number, name)) {
            case SysStat.S_IFSOCK -> new Fd(duplicate(engine, number, Kind.SOCKET, name));
            case SysStat.S_IFIFO -> reopen(engine, number, access, Kind.PIPE);
            case SysStat.S_IFCHR -> ofDevice(engine, number, name, access);
            default -> new Fd(duplicate(engine, number, Kind.ANY, name));
        };
    }

    private static int typeOf(int number, String name) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            return Kernel.check(
                    "statx",
                    SysStat.typeOf(Kernel.newErrno(arena), number),
                    "fd " + number + " " + name);
        }
    }

    /** Only a device one can wait for is worth more than a plain read and write. */
    private static Fd ofDevice(Engine engine, int number, String name, int access)
            throws IOException {
        Descriptor copy = duplicate(engine, number, Kind.ANY, name);
        if (!copy.isPollable()) {
            return new Fd(copy);
        }
        copy.close();
        return reopen(engine, number, access, Kind.TERMINAL);
    }

    private static Fd reopen(Engine engine, int number, int access, Kind kind) throws IOException {
        String path = "/proc/self/fd/" + number;
        try {
            return new Fd(PathOpening.open(engine, path, access, kind));
        } catch (FileSystemException | SystemCallException refused) {
            Descriptor shared = duplicate(engine, number, kind, path);
            shared.handle().sharedWithOthers();
            return new Fd(shared);
        }
    }

    private static Descriptor duplicate(Engine engine, int number, Kind kind, String name)
            throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = Kernel.newErrno(arena);
            int copy = Fcntl.fcntl(errno, number, Fcntl.F_DUPFD_CLOEXEC, FIRST_FREE);
            return Descriptor.opened(
                    engine, Kernel.check("fcntl", copy, "fd " + number + " " + name), kind, name);
        }
    }
}
