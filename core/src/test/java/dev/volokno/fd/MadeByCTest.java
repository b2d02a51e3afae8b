package dev.volokno.fd;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.volokno.fiber.Fiber;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
import dev.volokno.support.EachWholeConfiguration;
import dev.volokno.support.TestLibc;
import dev.volokno.support.Waiting;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** An inotify descriptor that a C library has made: docs/fd/any.md has the recipe. */
@SuppressWarnings("restricted") // a C library is loaded
class MadeByCTest {
    private static final String LIBRARY =
            """
            #include <sys/inotify.h>
            #include <unistd.h>

            int watch(const char *folder) {
                int fd = inotify_init1(IN_CLOEXEC);
                return inotify_add_watch(fd, folder, IN_CREATE) < 0 ? -1 : fd;
            }
            """;

    private static final int IN_CREATE = 0x100;

    @TempDir private static Path built;

    private static Path library = Path.of("");

    @TempDir private Path folder;

    @BeforeAll
    static void compile() throws Exception {
        Path source = Files.writeString(built.resolve("watch.c"), LIBRARY);
        library = built.resolve("watch.so");
        int status =
                new ProcessBuilder(
                                "gcc",
                                "-shared",
                                "-fPIC",
                                "-o",
                                library.toString(),
                                source.toString())
                        .inheritIO()
                        .start()
                        .waitFor();
        assumeTrue(status == 0, "needs a C compiler");
    }

    private int watch() throws Throwable {
        try (Arena arena = Arena.ofConfined()) {
            var watch =
                    Linker.nativeLinker()
                            .downcallHandle(
                                    SymbolLookup.libraryLookup(library, arena).findOrThrow("watch"),
                                    FunctionDescriptor.of(
                                            ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
            MemorySegment path = arena.allocateFrom(folder.toString());
            return (int) watch.invokeExact(path);
        }
    }

    /** Not in the late ones: the kernel gives whole structures or none. */
    @EachWholeConfiguration
    void anAdoptedOneIsReadByAFiber(Configuration configuration) throws Throwable {
        int number = watch();
        configuration.run(() -> {
            try (ByteStream events = ByteStream.over(Fd.adopt(number))) {
                var reader = Waiting.untilParked(Fiber.start(() -> next(events)));
                Files.createFile(folder.resolve("one"));
                assertThat(reader.join()).isEqualTo("one");
                Files.createFile(folder.resolve("another"));
                assertThat(next(events)).isEqualTo("another");
            }
        });
    }

    private static String next(ByteStream events) throws Exception {
        var event = ByteBuffer.allocateDirect(4096).order(ByteOrder.nativeOrder());
        events.read(event);
        assertThat(event.getInt(4)).isEqualTo(IN_CREATE);
        var name = new byte[event.getInt(12)];
        event.get(16, name);
        return new String(name, UTF_8).replace("\0", "");
    }

    @EachConfiguration
    void aBorrowedOneIsWaitedForAndStaysTheLibrarys(Configuration configuration) throws Throwable {
        int number = watch();
        configuration.run(() -> {
            try (BorrowedFd borrowed = Fd.borrow(number)) {
                var waiter = Waiting.untilParked(Fiber.start(() -> borrowed.awaitReadable()));
                Files.createFile(folder.resolve("one"));
                waiter.join();
                assertThat(TestLibc.waitingBytes(number)).isEqualTo(32);
            }
        });
        assertThat(TestLibc.close(number)).isZero();
    }
}
