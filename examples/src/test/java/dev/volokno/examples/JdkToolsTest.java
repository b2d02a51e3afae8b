package dev.volokno.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class JdkToolsTest {
    private static final Pattern CODE = Pattern.compile("(?s)```java\n(.*?)```");

    @TempDir private Path folder;

    @Test
    void theToolsDoWhatTheirPageTells() throws Exception {
        try (var tools = Program.example(folder, "JdkTools")) {
            tools.awaitLine("at most 2 at once");
            tools.awaitLine("from a pool: 42");
            tools.awaitLine("cancelled: InterruptedException");
            tools.awaitLine("counted 2000");
            assertThat(tools.exitStatus()).isZero();
        }
    }

    @Test
    void thePageShowsTheProgramItself() throws Exception {
        Path root = Path.of("..");
        String program = Files.readString(root.resolve("examples/JdkTools.java"));
        String page = Files.readString(root.resolve("docs/java-util-concurrent.md"));
        var shown = CODE.matcher(page).results().map(block -> block.group(1)).toList();
        assertThat(shown).isNotEmpty().allSatisfy(block -> assertThat(program).contains(block));
    }
}
