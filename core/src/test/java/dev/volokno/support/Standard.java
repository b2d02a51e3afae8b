package dev.volokno.support;

import dev.volokno.backend.Kernel;
import dev.volokno.fiber.Action;
import dev.volokno.linux.Fcntl;
import dev.volokno.linux.Unistd;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** Another file in the place of a standard descriptor, and blocking descriptors to put there. */
@SuppressWarnings("restricted") // dup2 is bound here, for tests alone
public final class Standard {
    private static final MethodHandle DUP2 =
            Linker.nativeLinker()
                    .downcallHandle(
                            Linker.nativeLinker().defaultLookup().findOrThrow("dup2"),
                            FunctionDescriptor.of(
                                    ValueLayout.JAVA_INT,
                                    ValueLayout.JAVA_INT,
                                    ValueLayout.JAVA_INT));
    private static final MemorySegment ERRNO = Kernel.newErrno(Arena.global());

    private Standard() {}

    /** Runs {@code body} while {@code number} is what {@code replacement} is; that is closed. */
    public static void replaced(int number, int replacement, Action<? extends Exception> body)
            throws Exception {
        int saved = Fcntl.fcntl(ERRNO, number, Fcntl.F_DUPFD_CLOEXEC, 3);
        duplicate(replacement, number);
        close(replacement);
        int flags = flags(number);
        try {
            body.run();
            if (flags(number) != flags) {
                throw new AssertionError("fd " + number + " had flags " + flags);
            }
        } finally {
            duplicate(saved, number);
            close(saved);
        }
    }

    private static int flags(int number) {
        return Fcntl.fcntl(ERRNO, number, Fcntl.F_GETFL, 0);
    }

    private static void duplicate(int from, int to) {
        try {
            int result = (int) DUP2.invokeExact(from, to);
            assert result == to : result;
        } catch (Throwable t) {
            throw new AssertionError(t);
        }
    }

    public static void close(int number) {
        Unistd.close(ERRNO, number);
    }

    /** Opens a file as a shell would: blocking. */
    public static int open(String path, int flags) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            long name = arena.allocateFrom(path).address();
            return Kernel.check(
                    "open",
                    Fcntl.open(ERRNO, name, flags | Fcntl.O_CLOEXEC | Fcntl.O_NOCTTY, 0),
                    path);
        }
    }

    /** A blocking pipe: the end to read from, the end to write to. */
    public static int[] pipe() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment numbers = arena.allocate(8, 4);
            Kernel.check(
                    "pipe2", Unistd.pipe2(ERRNO, numbers.address(), Fcntl.O_CLOEXEC), "a pipe");
            return numbers.toArray(ValueLayout.JAVA_INT);
        }
    }

    /** The same file, blocking from now on. */
    public static int blocking(int number) {
        int copy = Fcntl.fcntl(ERRNO, number, Fcntl.F_DUPFD_CLOEXEC, 3);
        Fcntl.fcntl(ERRNO, copy, Fcntl.F_SETFL, flags(copy) & ~Fcntl.O_NONBLOCK);
        return copy;
    }
}
