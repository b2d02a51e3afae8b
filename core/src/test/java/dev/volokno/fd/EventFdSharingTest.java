package dev.volokno.fd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.volokno.fiber.Fiber;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
import dev.volokno.support.Waiting;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** Others that have the number of a counter: a thread of a C library, and another process. */
@SuppressWarnings("restricted") // a C library is loaded
class EventFdSharingTest {
    private static final String LIBRARY =
            """
            #include <pthread.h>
            #include <stdint.h>
            #include <sys/wait.h>
            #include <unistd.h>

            static void *add(void *fd) {
                uint64_t five = 5;
                return (void *) write((int) (long) fd, &five, sizeof five);
            }

            int by_thread(int fd) {
                pthread_t thread;
                int failed = pthread_create(&thread, 0, add, (void *) (long) fd);
                return failed ? -1 : pthread_join(thread, 0);
            }

            int by_process(int fd) {
                uint64_t seven = 7;
                pid_t child = fork();
                if (child == 0)
                    _exit(write(fd, &seven, sizeof seven) == sizeof seven ? 0 : 1);
                int status = -1;
                waitpid(child, &status, 0);
                return status;
            }
            """;

    @TempDir private static Path folder;

    private static Path library = Path.of("");

    @BeforeAll
    static void compile() throws Exception {
        Path source = Files.writeString(folder.resolve("share.c"), LIBRARY);
        library = folder.resolve("share.so");
        int status =
                new ProcessBuilder(
                                "gcc",
                                "-shared",
                                "-fPIC",
                                "-pthread",
                                "-o",
                                library.toString(),
                                source.toString())
                        .inheritIO()
                        .start()
                        .waitFor();
        assumeTrue(status == 0, "needs a C compiler");
    }

    @EachConfiguration
    void whatTheyAddWakesTheFiberThatWaits(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (EventFd event = EventFd.open()) {
                var taker = Waiting.untilParked(Fiber.start(() -> event.take()));
                assertThat(call("by_thread", event)).isZero();
                assertThat(taker.join()).isEqualTo(5);
                taker = Waiting.untilParked(Fiber.start(() -> event.take()));
                assertThat(call("by_process", event)).isZero();
                assertThat(taker.join()).isEqualTo(7);
            }
        });
    }

    private static int call(String function, EventFd event) throws Exception {
        try (Arena arena = Arena.ofConfined()) {
            MethodHandle handle =
                    Linker.nativeLinker()
                            .downcallHandle(
                                    SymbolLookup.libraryLookup(library, arena)
                                            .findOrThrow(function),
                                    FunctionDescriptor.of(
                                            ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
            return event.fd()
                    .use(number -> {
                        try {
                            return (int) handle.invokeExact(number);
                        } catch (Throwable t) {
                            throw new AssertionError(t);
                        }
                    });
        }
    }
}
