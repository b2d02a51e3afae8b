package dev.volokno.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class TestingTest {
    private static final Pattern CODE = Pattern.compile("(?s)```java\n(void .*?)```");

    @TempDir private Path folder;

    @Test
    void theTourGoesAsItsPageTells() throws Exception {
        try (var tour = Program.example(folder, "Testing")) {
            tour.awaitLine("connected at attempt 21 after PT10M");
            tour.awaitLine("deadlock: nothing can happen any more, and these still wait");
            tour.awaitLine("short: 1");
            tour.awaitLine("late: 1");
            tour.awaitLine("failed: ENOSPC");
            tour.awaitLine("cancelled at every wait: true");
            tour.awaitLine("failed at every operation: true");
            assertThat(tour.exitStatus()).isZero();
        }
    }

    @Test
    void thePageShowsTheProgramItself() throws Exception {
        Path root = Path.of("..");
        String program = Files.readString(root.resolve("examples/Testing.java"));
        String page = Files.readString(root.resolve("docs/testing.md"));
        var shown = CODE.matcher(page).results().map(block -> block.group(1)).toList();
        assertThat(shown).hasSize(4).allSatisfy(block -> assertThat(program).contains(block));
    }
}
