package dev.volokno.loop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.volokno.support.ChildJava;
import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the JDK's own tool tells of a running program. */
class JcmdTest {
    private static final String PROGRAM =
            """
            import dev.volokno.fd.Pipe;
            import dev.volokno.fiber.Fiber;
            import dev.volokno.loop.Loop;
            import java.nio.ByteBuffer;

            void main() throws Exception {
                Loop.run(() -> {
                    var pipe = Pipe.open();
                    Fiber.start(() -> waitForInput(pipe));
                    Fiber.yield();
                    IO.println("pid " + ProcessHandle.current().pid());
                    Fiber.sleep(java.time.Duration.ofHours(1));
                });
            }

            void waitForInput(Pipe pipe) throws Exception {
                pipe.source().read(ByteBuffer.allocateDirect(1));
            }
            """;

    @TempDir private Path folder;

    @Test
    @Timeout(120)
    void aThreadDumpShowsTheFibersByTheirNamesAndWhereTheyWait() throws Exception {
        // Fibers belong to no thread container of the JDK's, which lists others only if told to.
        var java = ChildJava.of(folder, PROGRAM).opened().with("-Djdk.trackAllThreads=true");
        Process child = java.start();
        try (BufferedReader output = child.inputReader(UTF_8)) {
            String line = output.readLine();
            while (line != null && !line.startsWith("pid ")) {
                line = output.readLine();
            }
            assertThat(line).isNotNull();
            String pid = line.substring(4);
            assertThat(dump(pid, "text"))
                    .containsPattern("\"fiber-[0-9]+\" virtual")
                    .contains("waitForInput", "Fiber.sleep");
            assertThat(dump(pid, "json"))
                    .containsPattern("\"name\": \"fiber-[0-9]+\"")
                    .contains("waitForInput", "Fiber.sleep");
        } finally {
            child.destroyForcibly().waitFor();
        }
    }

    private String dump(String pid, String format) throws Exception {
        Path file = folder.resolve("threads." + format);
        String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        Process tool =
                new ProcessBuilder(
                                jcmd,
                                pid,
                                "Thread.dump_to_file",
                                "-format=" + format,
                                file.toString())
                        .redirectErrorStream(true)
                        .start();
        String said = new String(tool.getInputStream().readAllBytes(), UTF_8);
        assertThat(tool.waitFor()).as(said).isZero();
        return Files.readString(file);
    }
}
