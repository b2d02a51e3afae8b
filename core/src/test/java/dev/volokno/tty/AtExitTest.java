package dev.volokno.tty;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.volokno.support.ChildJava;
import dev.volokno.support.Configuration;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A program that ends with its ports open leaves them as it found them. */
@Timeout(60)
class AtExitTest {
    private static final String PROGRAM =
            """
            import dev.volokno.fiber.Fiber;
            import dev.volokno.loop.Loop;
            import dev.volokno.tty.*;
            import java.nio.ByteBuffer;
            import java.time.Duration;

            class Program {
                public static void main(String[] args) throws Exception {
                    Loop.run(() -> {
                        var port = SerialPort.open(args[0], SerialSettings.of(115_200));
                        if (args[1].equals("exit")) {
                            System.exit(0);
                        }
                        System.out.println("open");
                        port.read(ByteBuffer.allocate(1));
                    });
                }
            }
            """;

    @TempDir private Path directory;

    private static String stty(Path port) throws IOException {
        var stty = new ProcessBuilder("stty", "-F", port.toString(), "-a");
        return new String(stty.start().getInputStream().readAllBytes(), UTF_8);
    }

    @ParameterizedTest
    @ValueSource(strings = {"exit", "TERM", "INT", "HUP"})
    void itsPortsHaveTheirFormerSettings(String end) throws Exception {
        Configuration.EPOLL.run(() -> {
            try (Pty far = Pty.open()) {
                String before = stty(far.path());
                Process child =
                        ChildJava.of(directory, PROGRAM)
                                .opened()
                                .under("env", "--default-signal=INT,HUP,TERM")
                                .start(far.path().toString(), end);
                if (!end.equals("exit")) {
                    assertThat(child.inputReader().readLine()).isEqualTo("open");
                    assertThat(stty(far.path())).isNotEqualTo(before);
                    new ProcessBuilder("kill", "-" + end, Long.toString(child.pid()))
                            .start()
                            .waitFor();
                }
                assertThat(child.waitFor(30, TimeUnit.SECONDS)).isTrue();
                assertThat(stty(far.path())).isEqualTo(before);
            }
        });
    }
}
