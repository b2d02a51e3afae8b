package dev.volokno.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class OtherLoopsTest {
    private static final Pattern CODE = Pattern.compile("(?s)```java\n(.*?)```");

    @TempDir private Path folder;

    @Test
    void theExampleDoesWhatItsPageTells() throws Exception {
        try (var program = Program.example(folder, "GlibLoops")) {
            String first =
                    program.awaitLine(line -> line.contains("GLib") || line.contains("libglib"));
            assumeFalse(first.startsWith("needs"), first);
            assertThat(first).isEqualTo("a fiber inside GLib saw its timer tick");
            program.awaitLine("a fiber was told by a source of GLib's");
            assertThat(program.exitStatus()).isZero();
        }
    }

    @Test
    void thePageShowsTheProgramItself() throws Exception {
        Path root = Path.of("..");
        String program = Files.readString(root.resolve("examples/GlibLoops.java"));
        String page = Files.readString(root.resolve("docs/other-loops.md"));
        var shown = CODE.matcher(page).results().map(block -> block.group(1)).toList();
        assertThat(shown).isNotEmpty().allSatisfy(block -> assertThat(program).contains(block));
    }
}
