package dev.volokno.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class WatchingTest {
    @TempDir private Path folder;

    @Test
    void aFileIsFollowedOverRotationAndTruncation() throws Exception {
        Path log = Files.writeString(folder.resolve("log"), "before\n");
        try (var tail = Program.example(folder, "TailF", log.toString())) {
            tail.awaitLine("following");
            Files.writeString(log, "one\n", StandardOpenOption.APPEND);
            assertThat(tail.awaitLine(line -> true)).isEqualTo("one");
            Files.move(log, folder.resolve("log.1"));
            Files.writeString(folder.resolve("log.1"), "late\n", StandardOpenOption.APPEND);
            Files.writeString(log, "two\n");
            assertThat(tail.awaitLine(line -> true)).isEqualTo("late");
            assertThat(tail.awaitLine(line -> true)).isEqualTo("two");
            Path next = Files.writeString(folder.resolve("next"), "three\n");
            Files.move(next, log, StandardCopyOption.ATOMIC_MOVE);
            assertThat(tail.awaitLine(line -> true)).isEqualTo("three");
            Files.writeString(log, "4\n", StandardOpenOption.TRUNCATE_EXISTING);
            assertThat(tail.awaitLine(line -> true)).isEqualTo("4");
        }
    }

    @Test
    void aCommandRunsWhenFilesHaveChanged() throws Exception {
        Path source = Files.createDirectory(folder.resolve("source"));
        try (var build =
                Program.example(folder, "BuildOnChange", source.toString(), "sh", "-c", "true")) {
            build.awaitLine("watching");
            Path deep = Files.createDirectories(source.resolve("a/b"));
            Files.writeString(deep.resolve("file"), "x");
            build.awaitLine("3 changed");
            build.awaitLine("built");
        }
    }

    @Test
    void whatMustNotBeOpenedIsNotOpened() throws Exception {
        Path guarded = Files.createDirectory(folder.resolve("guarded"));
        Path open = Files.writeString(guarded.resolve("open"), "x");
        Path secret = Files.writeString(guarded.resolve("secret"), "x");
        try (var guard = Program.example(folder, "AccessGuard", guarded.toString(), "secret")) {
            String first = guard.awaitLine(line -> true);
            assumeFalse(first.contains("EPERM"), "needs CAP_SYS_ADMIN: " + first);
            assertThat(first).contains("guarding");
            assertThat(new ProcessBuilder("cat", open.toString()).start().waitFor()).isZero();
            assertThat(new ProcessBuilder("cat", secret.toString()).start().waitFor()).isNotZero();
            guard.awaitLine("denied");
        }
    }
}
