package dev.volokno.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The worked example of docs/foreign.md. */
@Timeout(60)
class ForeignLibraryTest {
    private static final Pattern CODE = Pattern.compile("(?s)```java\n(.*?)```");

    @TempDir private Path folder;

    @Test
    void theToyAnswers() throws Exception {
        int status =
                new ProcessBuilder(
                                "gcc",
                                "-shared",
                                "-fPIC",
                                "-o",
                                folder.resolve("libtoy.so").toString(),
                                Path.of("toy.c").toAbsolutePath().toString())
                        .inheritIO()
                        .start()
                        .waitFor();
        assumeTrue(status == 0, "needs a C compiler");
        String library = folder.resolve("libtoy.so").toString();
        try (var program = Program.example(folder, "ForeignLibrary", library)) {
            program.awaitLine("the library says hello");
            assertThat(program.exitStatus()).isZero();
        }
    }

    @Test
    void aMissingLibraryIsNamedWithItsPackage() throws Exception {
        try (var program = Program.example(folder, "ForeignLibrary", "libtoy.so.1")) {
            program.awaitLine("libtoy.so.1 cannot be loaded: apt-get install libtoy1");
            assertThat(program.exitStatus()).isEqualTo(1);
        }
    }

    @Test
    void thePageShowsTheProgramItself() throws Exception {
        String source = Files.readString(Path.of("ForeignLibrary.java"));
        String page = Files.readString(Path.of("../docs/foreign.md"));
        var shown = CODE.matcher(page).results().map(block -> block.group(1)).toList();
        assertThat(shown).isNotEmpty().allSatisfy(block -> assertThat(source).contains(block));
    }
}
