package dev.volokno.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.volokno.support.ChildJava;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A loop that would begin where one descriptor is free, and it needs two. */
class NoDescriptorTest {
    private static final String PROGRAM =
            """
            import dev.volokno.loop.Loop;
            import dev.volokno.loop.LoopOptions;
            import java.io.FileInputStream;
            import java.io.IOException;
            import java.util.ArrayDeque;

            class Program {
                static final ArrayDeque<FileInputStream> OPEN = new ArrayDeque<>();

                public static void main(String[] arguments) throws Exception {
                    var options = LoopOptions.defaults().withBackend(arguments[0]);
                    Loop.run(options, () -> {});
                    openAll();
                    OPEN.pop().close();
                    try {
                        Loop.run(options, () -> {});
                    } catch (IOException e) {
                        System.out.println(e.getMessage());
                    }
                    System.out.println(openAll());
                    OPEN.pop().close();
                    OPEN.pop().close();
                    OPEN.pop().close();
                    Loop.run(options, () -> System.out.println("ran"));
                }

                static int openAll() {
                    int count = 0;
                    while (true) {
                        try {
                            OPEN.push(new FileInputStream("/dev/null"));
                            count++;
                        } catch (IOException full) {
                            return count;
                        }
                    }
                }
            }
            """;

    @TempDir private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"io_uring", "epoll"})
    void itSaysSoAndLeavesNoneBehind(String backend) throws Exception {
        ChildJava program = ChildJava.of(directory, PROGRAM).opened().descriptors(64);
        assertThat(program.run(backend)).contains("EMFILE").endsWith("\n1\nran\n");
    }
}
