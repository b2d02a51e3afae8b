package dev.volokno.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ScopesTest {
    private static final Pattern CODE = Pattern.compile("(?s)```java\n(.*?)```");

    @TempDir private Path folder;

    @Test
    void theTourGoesAsItsPageTells() throws Exception {
        try (var tour = Program.example(folder, "Scopes")) {
            tour.awaitLine("failed together: no route");
            tour.awaitLine("race: fast mirror");
            tour.awaitLine("collected 8");
            tour.awaitLine("collected For input string: \"eight\"");
            tour.awaitLine("limit: silence");
            tour.awaitLine("select: job 1");
            tour.awaitLine("select: nothing");
            tour.awaitLine("cleaned up");
            tour.awaitLine("offloaded: 24");
            assertThat(tour.exitStatus()).isZero();
        }
    }

    @Test
    void thePageShowsTheProgramItself() throws Exception {
        Path root = Path.of("..");
        String program = Files.readString(root.resolve("examples/Scopes.java"));
        String page = Files.readString(root.resolve("docs/scopes.md"));
        var shown = CODE.matcher(page).results().map(block -> block.group(1)).toList();
        assertThat(shown).isNotEmpty().allSatisfy(block -> assertThat(program).contains(block));
    }
}
