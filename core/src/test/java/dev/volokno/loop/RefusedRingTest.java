package dev.volokno.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.volokno.support.ChildJava;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A process to which a filter of system calls, as containers have one, refuses rings. */
class RefusedRingTest {
    private static final String PROGRAM =
            """
            import static java.lang.foreign.ValueLayout.*;

            import dev.volokno.fd.Pipe;
            import dev.volokno.fiber.Fiber;
            import dev.volokno.loop.Loop;
            import dev.volokno.loop.LoopOptions;
            import java.lang.foreign.*;
            import java.nio.ByteBuffer;

            class Program {
                static final int NO_NEW_PRIVILEGES = 38, SECCOMP = 22, FILTER = 2;
                static final int LOAD = 0x20, EQUAL = 0x15, RETURN = 0x06;
                static final int ALLOW = 0x7fff0000, REFUSE = 0x50000, RING_SETUP = 425;

                public static void main(String[] arguments) throws Throwable {
                    refuseRings(Integer.parseInt(arguments[0]));
                    Loop.run(LoopOptions.defaults().withBackend(arguments[1]), () -> {
                        Pipe pipe = Pipe.open();
                        var reader = Fiber.start(() -> pipe.source().read(ByteBuffer.allocate(4)));
                        pipe.sink().write(ByteBuffer.wrap("four".getBytes()));
                        System.out.println(Loop.current().backend() + " " + reader.join());
                    });
                }

                static void refuseRings(int errno) throws Throwable {
                    var linker = Linker.nativeLinker();
                    var prctl = linker.downcallHandle(
                            linker.defaultLookup().findOrThrow("prctl"),
                            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
                            Linker.Option.firstVariadicArg(1));
                    int[] filter = {
                        LOAD, 0,
                        EQUAL | 1 << 24, RING_SETUP,
                        RETURN, REFUSE | errno,
                        RETURN, ALLOW
                    };
                    var instructions = Arena.global().allocate(32, 8);
                    MemorySegment.copy(filter, 0, instructions, JAVA_INT, 0, 8);
                    var program = Arena.global().allocate(16, 8);
                    program.set(JAVA_SHORT, 0, (short) 4);
                    program.set(JAVA_LONG, 8, instructions.address());
                    int first = (int) prctl.invokeExact(NO_NEW_PRIVILEGES, 1L, 0L, 0L, 0L);
                    int second = (int) prctl.invokeExact(SECCOMP, (long) FILTER, program.address(), 0L, 0L);
                    if (first != 0 || second != 0) {
                        throw new AssertionError("no filter: " + first + " " + second);
                    }
                }
            }
            """;

    private static final String EPERM = "1";
    private static final String ENOMEM = "12";
    private static final String ENOSYS = "38";

    @TempDir private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {EPERM, ENOMEM, ENOSYS})
    void epollIsTaken(String errno) throws Exception {
        assertThat(program().run(errno, "auto")).isEqualTo("epoll 4\n");
    }

    @ParameterizedTest
    @CsvSource({"1, EPERM", "38, ENOSYS"})
    void whoeverAskedForTheRingIsToldOfTheRefusal(String errno, String name) throws Exception {
        assertThat(program().run(errno, "io_uring"))
                .contains("SystemCallException")
                .contains("io_uring_setup: " + name);
    }

    private ChildJava program() throws Exception {
        return ChildJava.of(directory, PROGRAM).opened();
    }
}
