package dev.volokno.loop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A program that has the library on its class path, in a Java of its own. */
class ClassPathTest {
    private static final String OPENED = "--add-opens=java.base/java.lang=ALL-UNNAMED";
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
        assertThat(run(List.of(OPENED), List.of())).isEqualTo("across true\n");
    }

    @Test
    void runsUnconfinedWithoutTheFlag() throws Exception {
        assertThat(run(List.of(), List.of("unconfined"))).isEqualTo("across false\n");
    }

    @Test
    void namesTheFlagWhereItIsMissing() throws Exception {
        assertThat(run(List.of(), List.of()))
                .contains("IllegalStateException")
                .contains("--add-opens java.base/java.lang=")
                .contains("ALL-UNNAMED")
                .contains("LoopOptions.unconfined()");
    }

    private String run(List<String> options, List<String> arguments) throws Exception {
        Path source = Files.writeString(directory.resolve("Program.java"), PROGRAM);
        var command = new ArrayList<>(List.of(java(), "-XX:TieredStopAtLevel=1"));
        command.addAll(List.of("-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED"));
        command.addAll(options);
        command.addAll(List.of("-cp", core(), source.toString()));
        command.addAll(arguments);
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().remove("JDK_JAVA_OPTIONS");
        Process child = builder.start();
        child.getOutputStream().close();
        var output = new String(child.getInputStream().readAllBytes(), UTF_8);
        child.waitFor();
        return output;
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    private static String core() throws Exception {
        var location = Loop.class.getProtectionDomain().getCodeSource().getLocation();
        return new File(location.toURI()).getPath();
    }
}
