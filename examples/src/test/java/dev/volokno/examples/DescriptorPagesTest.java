package dev.volokno.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The programs of docs/fd do what their pages tell. */
@Timeout(60)
class DescriptorPagesTest {
    private static final Pattern CODE = Pattern.compile("(?s)```java\n(.*?)```");

    @TempDir private Path folder;

    @ParameterizedTest
    @CsvSource({
        "pipe, Fifos",
        "fifo, Fifos",
        "timers, Timers",
        "eventfd, Timers",
        "any, Pressure",
        "daemon, Daemon",
        "signals, Reloader",
        "processes, Children"
    })
    void thePageShowsTheProgramItself(String page, String program) throws Exception {
        Path root = Path.of("..");
        String source = Files.readString(root.resolve("examples/" + program + ".java"));
        String text = Files.readString(root.resolve("docs/fd/" + page + ".md"));
        var shown = CODE.matcher(text).results().map(block -> block.group(1)).toList();
        assertThat(shown).isNotEmpty().allSatisfy(block -> assertThat(source).contains(block));
    }

    @Test
    void signals() throws Exception {
        try (var program = Program.example(folder, "Reloader")) {
            program.awaitLine("process ");
            program.signal("HUP");
            program.awaitLine("reloaded");
            program.signal("USR1");
            program.awaitLine("scope, fail-fast");
            program.signal("TERM");
            program.awaitLine("SIGTERM from process ");
            program.awaitLine("ended in order");
            assertThat(program.exitStatus()).isZero();
        }
    }

    @Test
    void processes() throws Exception {
        try (var program = Program.example(folder, "Children")) {
            program.awaitLine("system: Linux");
            program.awaitLine("sorted: a");
            program.awaitLine("sorted: b");
            program.awaitLine("sort exited with 0");
            program.awaitLine("missing: no-such-program");
            assertThat(program.exitStatus()).isZero();
        }
    }

    @Test
    void pipesAndFifos() throws Exception {
        try (var program = Program.example(folder, "Fifos")) {
            program.awaitLine("moved 1000000");
            program.awaitLine("order: two rolls");
            program.awaitLine("the last writer has closed");
            program.awaitLine("next: Optional.empty");
            assertThat(program.exitStatus()).isZero();
        }
    }

    @Test
    void timersAndCounters() throws Exception {
        try (var program = Program.example(folder, "Timers")) {
            program.awaitLine("tick 1");
            program.awaitLine("tick 3");
            program.awaitLine("backup at 02:30");
            program.awaitLine("alarm: true");
            program.awaitLine("expired: true");
            program.awaitLine("it is time");
            program.awaitLine("event: job");
            program.awaitLine("event: job");
            program.awaitLine("event: stop");
            assertThat(program.exitStatus()).isZero();
        }
    }

    @Test
    void pressure() throws Exception {
        Path file = Path.of("/proc/pressure/cpu");
        assumeTrue(Files.isWritable(file), "the kernel has no pressure stall information");
        try (var program = Program.example(folder, "Pressure", "0")) {
            program.awaitLine("watching");
            assertThat(program.exitStatus()).isZero();
        }
    }
}
