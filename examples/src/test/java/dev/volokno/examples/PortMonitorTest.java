package dev.volokno.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The monitor in a shell in a real terminal multiplexer, as somebody sees it who sits there. */
@Timeout(90)
class PortMonitorTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration LOOK = Duration.ofMillis(20);

    @TempDir private Path folder;

    private final List<Program> lines = new ArrayList<>();

    private String tmux(String... arguments) throws IOException {
        var command = new ArrayList<>(List.of("tmux", "-S", folder.resolve("tmux").toString()));
        command.addAll(List.of(arguments));
        var tmux = new ProcessBuilder(command).redirectErrorStream(true);
        return new String(tmux.start().getInputStream().readAllBytes(), UTF_8);
    }

    private void type(String line) throws IOException {
        tmux("send-keys", "-l", line);
        tmux("send-keys", "Enter");
    }

    /** Looks at the screen until it is as wanted. */
    private String awaitScreen(Predicate<String> wanted) throws IOException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        String screen = tmux("capture-pane", "-p");
        while (!wanted.test(screen)) {
            assertThat(System.nanoTime()).as("a screen of%n%s", screen).isLessThan(deadline);
            LockSupport.parkNanos(LOOK.toNanos());
            screen = tmux("capture-pane", "-p");
        }
        return screen;
    }

    private String awaitScreen(String text) throws IOException {
        return awaitScreen(screen -> screen.contains(text));
    }

    private Path port(String name) throws IOException {
        Path far = folder.resolve(name + "-far");
        var socat =
                Program.start(
                        folder,
                        "socat",
                        "-d",
                        "-d",
                        "pty,rawer,link=" + name,
                        "pty,rawer,link=" + far);
        lines.add(socat);
        socat.awaitLine("starting data transfer");
        return far;
    }

    @BeforeEach
    void startTheMonitor() throws IOException {
        tmux("-f", "/dev/null", "new-session", "-d", "-x", "80", "-y", "12", "sh");
        awaitScreen(screen -> screen.contains("#") || screen.contains("$"));
        type("cd " + folder + "; stty -a > before");
        var command = new ArrayList<String>();
        for (String word : Program.commandOf("PortMonitor")) {
            command.add("'" + word + "'");
        }
        Files.writeString(
                folder.resolve("monitor"),
                "exec " + String.join(" ", command) + " \"$@\" 2>errors\n");
    }

    @AfterEach
    void endAll() throws IOException {
        tmux("kill-server");
        lines.forEach(Program::close);
    }

    /** The shell's terminal is what it was, and the monitor's screen is gone. */
    private void assertRestored() throws IOException {
        awaitScreen(screen -> !screen.contains("ports, "));
        type("stty -a | diff - before && echo as be''fore; tput cnorm");
        awaitScreen("as before");
    }

    @Test
    void itShowsWhatComesInAndFitsItselfToTheWindow() throws Exception {
        Path far = port("one");
        port("two");
        type("sh monitor one two three");
        awaitScreen("3 ports, 80 by 12");
        Files.writeString(far, "a sentence\r\n");
        awaitScreen(screen -> screen.matches("(?s).*one +open +12 +a sentence.*"));
        awaitScreen(screen -> screen.matches("(?s).*three +awaited +0.*"));
        lines.getFirst().kill();
        awaitScreen(screen -> screen.matches("(?s).*one +vanished +12.*"));
        tmux("resize-window", "-x", "50", "-y", "3");
        awaitScreen("3 ports, 50 by 3");
        tmux("send-keys", "C-c");
        tmux("resize-window", "-x", "80", "-y", "12");
        assertRestored();
    }

    @ParameterizedTest
    @ValueSource(strings = {"q", "!"})
    void itLeavesTheTerminalAsItWasByAKeyAndByAnException(String key) throws Exception {
        type("sh monitor nowhere");
        awaitScreen("1 ports, 80 by 12");
        tmux("send-keys", key);
        assertRestored();
        String errors = Files.readString(folder.resolve("errors"));
        assertThat(errors.contains("as you wished")).isEqualTo(key.equals("!"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"INT", "TERM", "HUP"})
    void itLeavesTheTerminalAsItWasWhenItIsKilled(String signal) throws Exception {
        type("sh monitor nowhere & echo $! > pid; fg");
        awaitScreen("1 ports, 80 by 12");
        kill(signal);
        assertRestored();
    }

    private void kill(String signal) throws Exception {
        String monitor = Files.readString(folder.resolve("pid")).strip();
        new ProcessBuilder("kill", "-" + signal, monitor).start().waitFor();
    }

    @Test
    void stoppedItGivesTheTerminalBackAndContinuedItTakesItAgain() throws Exception {
        type("sh monitor nowhere & echo $! > pid; fg");
        awaitScreen("1 ports, 80 by 12");
        kill("TSTP");
        // Until it has stopped, what is typed is typed to it.
        awaitScreen("Stopped");
        assertRestored();
        type("fg");
        awaitScreen("1 ports, 80 by 12");
        tmux("send-keys", "q");
        assertRestored();
    }
}
