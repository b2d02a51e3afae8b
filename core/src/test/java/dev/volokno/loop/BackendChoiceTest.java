package dev.volokno.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.volokno.support.ChildJava;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How a loop waits, chosen from outside the program. */
class BackendChoiceTest {
    private static final String PROGRAM =
            """
            import dev.volokno.loop.Loop;

            class Program {
                public static void main(String[] arguments) throws Exception {
                    Loop.run(() -> {
                        Loop loop = Loop.current();
                        System.out.println(loop.backend() + " " + loop.confined());
                    });
                }
            }
            """;

    @TempDir private Path directory;

    @ParameterizedTest
    @CsvSource({
        "-Dvolokno.backend=io_uring, io_uring true",
        "-Dvolokno.backend=epoll, epoll true",
        "-Dvolokno.unconfined=true, epoll false"
    })
    void aPropertyChooses(String property, String chosen) throws Exception {
        String output = ChildJava.of(directory, PROGRAM).opened().with(property).run();
        assertThat(output).isEqualTo(chosen + "\n");
    }
}
