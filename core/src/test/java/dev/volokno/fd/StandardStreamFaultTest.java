package dev.volokno.fd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.volokno.SystemCallException;
import dev.volokno.linux.Fcntl;
import dev.volokno.support.Bytes;
import dev.volokno.support.ChildJava;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
import dev.volokno.support.Standard;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Standard streams with which something is wrong. */
class StandardStreamFaultTest {
    /** In a Java of its own: here another thread might open what then is the standard input. */
    private static final String PROGRAM =
            """
            import static java.lang.foreign.ValueLayout.JAVA_INT;

            import dev.volokno.fd.Fd;
            import dev.volokno.fd.StandardStreams;
            import dev.volokno.loop.Loop;
            import java.io.IOException;
            import java.lang.foreign.FunctionDescriptor;
            import java.lang.foreign.Linker;

            class Program {
                interface Opening {
                    AutoCloseable make() throws IOException;
                }

                public static void main(String[] arguments) throws Exception {
                    var close = Linker.nativeLinker().downcallHandle(
                            Linker.nativeLinker().defaultLookup().findOrThrow("close"),
                            FunctionDescriptor.of(JAVA_INT, JAVA_INT));
                    Loop.run(() -> {
                        // All classes are there before: loading one may open a file.
                        failure(() -> Fd.adopt(Integer.MAX_VALUE));
                        failure(() -> StandardStreams.in());
                        try {
                            int closed = (int) close.invokeExact(0);
                            System.out.println(closed + " " + failure(() -> StandardStreams.in()));
                        } catch (Throwable t) {
                            throw new AssertionError(t);
                        }
                    });
                }

                static String failure(Opening opening) throws Exception {
                    try (var opened = opening.make()) {
                        return "opened " + opened;
                    } catch (IOException e) {
                        return e.getMessage();
                    }
                }
            }
            """;

    @TempDir private Path directory;

    @Test
    void aClosedOneIsRefused() throws Exception {
        assertThat(ChildJava.of(directory, PROGRAM).opened().run())
                .startsWith("0 statx: EBADF on fd 0 standard input");
    }

    @EachConfiguration
    void aFullOneSaysSoAndTakesNothing(Configuration configuration) throws Exception {
        configuration.run(() ->
                Standard.replaced(
                        1,
                        Standard.open("/dev/full", Fcntl.O_WRONLY),
                        () -> {
                            try (var out = StandardStreams.out()) {
                                var bytes = Bytes.of("no room");
                                assertThatThrownBy(() -> out.write(bytes))
                                        .isInstanceOf(SystemCallException.class)
                                        .hasMessageContaining("ENOSPC");
                                assertThat(bytes.remaining()).isEqualTo(7);
                            }
                        }));
    }
}
