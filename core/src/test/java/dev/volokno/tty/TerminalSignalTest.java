package dev.volokno.tty;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.volokno.fiber.Fiber;
import dev.volokno.support.ChildJava;
import dev.volokno.support.Configuration;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A program whose shell is on the same terminal: what is left when it is killed, and stopped. */
@Timeout(60)
class TerminalSignalTest {
    private static final String PROGRAM =
            """
            import dev.volokno.loop.Loop;
            import dev.volokno.tty.Terminal;
            import java.nio.ByteBuffer;
            import java.nio.file.*;

            class Program {
                public static void main(String[] args) throws Exception {
                    Loop.run(() -> {
                        var terminal = Terminal.open();
                        var ready = Path.of(args[0]);
                        var draft = Path.of(args[0] + ".draft");
                        if (args[1].equals("raw")) {
                            terminal.mode(Terminal.Mode.RAW);
                        }
                        Files.writeString(draft, "" + ProcessHandle.current().pid());
                        Files.move(draft, ready);
                        if (args[1].equals("change")) {
                            terminal.mode(Terminal.Mode.RAW);
                        }
                        terminal.read(ByteBuffer.allocate(1));
                    });
                }
            }
            """;

    @TempDir private Path directory;

    /** Starts it from a shell that leads a session on the terminal. */
    private Process start(Pty screen, String shell, String doing) throws Exception {
        String terminal = screen.path().toString();
        return ChildJava.of(directory, PROGRAM)
                .opened()
                .under("sh", "-c", "exec setsid --ctty --wait \"$@\" <" + terminal, "sh")
                .under("sh", "-c", shell, "sh")
                .start(directory.resolve("ready").toString(), doing);
    }

    private long awaitPid() throws Exception {
        Path ready = directory.resolve("ready");
        while (!Files.exists(ready)) {
            Fiber.sleep(Duration.ofMillis(5));
        }
        return Long.parseLong(Files.readString(ready));
    }

    private static void kill(long pid) throws Exception {
        new ProcessBuilder("kill", "-KILL", Long.toString(pid)).start().waitFor();
    }

    private static boolean isStopped(long pid) throws IOException {
        String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
        return stat.substring(stat.lastIndexOf(')')).startsWith(") T");
    }

    @Test
    void whenItIsKilledTheShellsDescriptionIsBlockingAsBefore() throws Exception {
        Configuration.IO_URING.run(() -> {
            try (Pty screen = Pty.open();
                    var _ = screen.openSlave()) {
                Process session = start(screen, "\"$@\"; cat /proc/self/fdinfo/0", "raw");
                kill(awaitPid());
                var said = new String(session.getInputStream().readAllBytes(), UTF_8);
                assertThat(session.waitFor(30, TimeUnit.SECONDS)).isTrue();
                String flags =
                        said.lines()
                                .filter(line -> line.startsWith("flags:"))
                                .findAny()
                                .orElseThrow(() -> new AssertionError(said));
                int bits = Integer.parseInt(flags.replaceAll("\\D", ""), 8);
                assertThat(bits & 04000).as(flags).isZero();
            }
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"read", "change"})
    void inTheBackgroundItIsStoppedByReadingAndByChangingTheMode(String doing) throws Exception {
        Configuration.IO_URING.run(() -> {
            try (Pty screen = Pty.open();
                    var _ = screen.openSlave()) {
                // With job control of its own the shell gives it a group that is not in front.
                String shell = "set -m; \"$@\" & wait; while kill -0 $!; do sleep 0.1; done";
                Process session = start(screen, shell, doing);
                long pid = awaitPid();
                screen.write(ByteBuffer.wrap(new byte[] {'q', '\n'}));
                while (!isStopped(pid)) {
                    Fiber.sleep(Duration.ofMillis(5));
                }
                kill(pid);
                assertThat(session.waitFor(30, TimeUnit.SECONDS)).isTrue();
            }
        });
    }
}
