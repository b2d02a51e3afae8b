package dev.volokno.tty;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.volokno.support.ChildJava;
import dev.volokno.support.Configuration;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A program in a session of its own, on a terminal that controls it, and how it ends. */
@Timeout(60)
class TerminalEndTest {
    private static final String PROGRAM =
            """
            import dev.volokno.fiber.Fiber;
            import dev.volokno.loop.Loop;
            import dev.volokno.tty.*;
            import java.nio.ByteBuffer;
            import java.nio.file.*;
            import java.time.Duration;

            class Program {
                public static void main(String[] args) throws Exception {
                    Loop.run(() -> {
                        var terminal = Terminal.open();
                        terminal.mode(Terminal.Mode.RAW, "[on]", "[off]");
                        Files.writeString(
                                Path.of(args[0]), "" + ProcessHandle.current().pid());
                        Fiber.start(() -> {
                            while (true) {
                                terminal.write(ByteBuffer.wrap(new byte[] {'.'}));
                                Fiber.sleep(Duration.ofMillis(1));
                            }
                        });
                        terminal.read(ByteBuffer.allocate(1));
                        if (args[1].equals("exit")) {
                            System.exit(0);
                        }
                        throw new IllegalStateException("as wished");
                    });
                }
            }
            """;

    private static final String WITHOUT =
            """
            import dev.volokno.loop.Loop;
            import dev.volokno.tty.Terminal;

            class Program {
                public static void main(String[] args) throws Exception {
                    Loop.run(() -> {
                        try {
                            Terminal.open();
                        } catch (java.nio.file.NoSuchFileException e) {
                            System.out.println(e.getMessage());
                        }
                    });
                }
            }
            """;

    @TempDir private Path directory;

    private static String stty(Path terminal) throws IOException {
        var stty = new ProcessBuilder("stty", "-F", terminal.toString(), "-a");
        return new String(stty.start().getInputStream().readAllBytes(), UTF_8);
    }

    /** Starts it, takes it to raw mode, ends it: all that the screen was told. */
    private String screenOf(String end, Pty screen) throws Exception {
        Path ready = directory.resolve("ready");
        String terminal = screen.path().toString();
        Process session =
                ChildJava.of(directory, PROGRAM)
                        .opened()
                        .under("sh", "-c", "exec setsid --ctty --wait \"$@\" <" + terminal, "sh")
                        .under("env", "--default-signal=INT,HUP,TERM")
                        .start(ready.toString(), end);
        var told = new StringBuilder();
        // Until the program has it open: without anybody the master is at its end.
        var held = screen.openSlave();
        var some = ByteBuffer.allocate(1 << 16);
        while (told.indexOf("[on].") < 0) {
            assertThat(screen.read(some.clear())).as("bytes after " + told).isPositive();
            told.append(UTF_8.decode(some.flip()));
        }
        held.close();
        assertThat(stty(screen.path())).contains("-icanon", "-opost");
        if (end.equals("exit") || end.equals("exception")) {
            screen.write(ByteBuffer.wrap(new byte[] {'q'}));
        } else {
            String pid = Files.readString(ready);
            new ProcessBuilder("kill", "-" + end, pid).start().waitFor();
        }
        int count = screen.read(some.clear());
        while (count > 0) {
            told.append(UTF_8.decode(some.flip()));
            count = screen.read(some.clear());
        }
        assertThat(session.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return told.toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"exit", "exception", "TERM", "INT", "HUP"})
    void theTerminalIsAsBeforeAndNothingIsWrittenLater(String end) throws Exception {
        Configuration.IO_URING.run(() -> {
            try (Pty screen = Pty.open()) {
                String before = stty(screen.path());
                String told = screenOf(end, screen);
                assertThat(stty(screen.path())).isEqualTo(before);
                assertThat(told).startsWith("[on].").endsWith("[off]").containsOnlyOnce("[off]");
            }
        });
    }

    @Test
    void withoutATerminalItSaysSo() throws Exception {
        String told = ChildJava.of(directory, WITHOUT).opened().under("setsid", "--wait").run();
        assertThat(told)
                .contains("/dev/tty: this process has no terminal", "neither its standard input");
    }
}
