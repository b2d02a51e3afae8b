package dev.volokno.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class CallbacksTest {
    private static final Pattern CODE = Pattern.compile("(?s)```java\n(.*?)```");

    @TempDir private Path folder;

    @Test
    void theExampleDoesWhatItsPageTells() throws Exception {
        try (var program = Program.example(folder, "Callbacks")) {
            program.awaitLine("received one");
            program.awaitLine("received three");
            program.awaitLine("received bye");
            program.awaitLine("handled: nothing waits inside a call of a loop's callback");
            assertThat(program.exitStatus()).isZero();
        }
    }

    @Test
    void thePageShowsTheProgramItself() throws Exception {
        Path root = Path.of("..");
        String program = Files.readString(root.resolve("examples/Callbacks.java"));
        String page = Files.readString(root.resolve("docs/callbacks.md"));
        var shown = CODE.matcher(page).results().map(block -> block.group(1)).toList();
        assertThat(shown).isNotEmpty().allSatisfy(block -> assertThat(program).contains(block));
    }
}
