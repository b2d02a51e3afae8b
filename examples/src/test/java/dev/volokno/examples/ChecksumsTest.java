package dev.volokno.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ChecksumsTest {
    @TempDir private Path folder;

    @Test
    void everyFileOfTheTreeHasItsLineInOrder() throws Exception {
        Path tree = Files.createDirectories(folder.resolve("tree/below")).getParent();
        for (int i = 0; i < 40; i++) {
            Files.writeString(tree.resolve("below/file-" + (10 + i)), "123456789");
        }
        Files.writeString(tree.resolve("a"), "123456789");
        Path report = folder.resolve("sums");
        try (var program =
                Program.example(folder, "Checksums", tree.toString(), report.toString())) {
            assertThat(program.exitStatus()).isZero();
        }
        // The check value of CRC-32C.
        assertThat(Files.readAllLines(report))
                .hasSize(41)
                .startsWith("e3069283  a", "e3069283  below/file-10")
                .isSorted();
    }
}
