package dev.volokno.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.volokno.support.ChildJava;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A program that has the library on its class path, in a Java of its own. */
class ClassPathTest {
    private static final String PROGRAM =
            """
            import dev.volokno.fd.Pipe;
            import dev.volokno.fiber.Fiber;
            import dev.volokno.loop.Loop;
            import dev.volokno.loop.LoopOptions;
            import java.nio.ByteBuffer;

            class Program {
                public static void main(String[] arguments) throws Exception {
                    var options = arguments.length == 0 ? LoopOptions.defaults() : LoopOptions.unconfined();
                    Loop.run(options, () -> {
                        Pipe pipe = Pipe.open();
                        Fiber.start(() -> {
                            pipe.sink().write(ByteBuffer.wrap("across".getBytes()));
                            pipe.sink().close();
                        });
                        var text = new String(pipe.source().inputStream().readAllBytes());
                        pipe.source().close();
                        System.out.println(text + " " + Loop.current().confined());
                    });
                }
            }
            """;

    @TempDir private Path directory;

    @Test
    void runsWhereTheFlagOpensJavaLangToTheClassPath() throws Exception {
        assertThat(program().opened().run()).isEqualTo("across true\n");
    }

    @Test
    void runsUnconfinedWithoutTheFlag() throws Exception {
        assertThat(program().run("unconfined")).isEqualTo("across false\n");
    }

    @Test
    void namesTheFlagWhereItIsMissing() throws Exception {
        assertThat(program().run())
                .contains("IllegalStateException")
                .contains("--add-opens java.base/java.lang=")
                .contains("ALL-UNNAMED")
                .contains("LoopOptions.unconfined()");
    }

    private ChildJava program() throws Exception {
        return ChildJava.of(directory, PROGRAM);
    }
}
