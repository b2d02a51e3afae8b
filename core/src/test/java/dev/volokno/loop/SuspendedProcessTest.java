package dev.volokno.loop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.volokno.support.ChildJava;
import dev.volokno.support.Waiting;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A process that is stopped and continued, which interrupts what waits in the kernel (signal(7)).
 */
class SuspendedProcessTest {
    private static final int ROUNDS = 5;

    private static final String PROGRAM =
            """
            import dev.volokno.fd.StandardStreams;
            import dev.volokno.fiber.Fiber;
            import dev.volokno.loop.Loop;
            import dev.volokno.loop.LoopOptions;
            import java.nio.ByteBuffer;
            import java.time.Duration;

            class Program {
                public static void main(String[] arguments) throws Exception {
                    var options = arguments[0].equals("unconfined")
                            ? LoopOptions.unconfined()
                            : LoopOptions.defaults().withBackend(arguments[0]);
                    Loop.run(options, () -> {
                        var in = StandardStreams.in();
                        var sleeper = Fiber.start(() -> Fiber.sleep(Duration.ofDays(1)));
                        var beat = Fiber.start(() -> Fiber.sleep(Duration.ofMillis(50)));
                        System.out.println("waits");
                        in.readUntil(ByteBuffer.allocate(9), '\\n');
                        beat.join();
                        System.out.println("sleeps: " + sleeper.state());
                        sleeper.cancel();
                    });
                }
            }
            """;

    @TempDir private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"io_uring", "epoll", "unconfined"})
    void itsFibersWaitOnAsIfNothingHadBeen(String how) throws Exception {
        Process child = ChildJava.of(directory, PROGRAM).opened().start(how);
        try (BufferedReader output = child.inputReader(UTF_8)) {
            assertThat(output.readLine()).isEqualTo("waits");
            for (int round = 0; round < ROUNDS; round++) {
                untilAllThreadsAre(child, 'S');
                send("STOP", child);
                untilAllThreadsAre(child, 'T');
                send("CONT", child);
            }
            child.getOutputStream().write('\n');
            child.getOutputStream().flush();
            assertThat(output.lines()).containsExactly("sleeps: RUNNING");
            assertThat(child.waitFor()).isZero();
        } finally {
            child.destroyForcibly();
        }
    }

    private static void send(String signal, Process child) throws Exception {
        String command = "kill -" + signal + " " + child.pid();
        assertThat(new ProcessBuilder("sh", "-c", command).start().waitFor()).isZero();
    }

    private static void untilAllThreadsAre(Process child, char state) {
        Path threads = Path.of("/proc", String.valueOf(child.pid()), "task");
        Waiting.until(() -> !child.isAlive() || states(threads).chars().allMatch(c -> c == state));
    }

    private static String states(Path threads) {
        var states = new StringBuilder();
        try (Stream<Path> tasks = Files.list(threads)) {
            for (Path task : tasks.toList()) {
                String stat = Files.readString(task.resolve("stat"));
                states.append(stat.charAt(stat.lastIndexOf(')') + 2));
            }
            return states.toString();
        } catch (IOException endedMeanwhile) {
            return "?";
        }
    }
}
