package dev.volokno.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ModbusMasterTest {
    @TempDir private Path folder;

    @Test
    void itReadsAllRegistersThoughAnAnswerIsSpoiltAndOneIsMissing() throws Exception {
        try (var master = Program.example(folder, "ModbusMaster")) {
            master.awaitLine("registers from  0: [0, 1, 4, 9, 16, 25, 36, 49, 64, 81]");
            master.awaitLine("attempt 1: the checksum is wrong");
            master.awaitLine("registers from 10: [100, 121,");
            master.awaitLine("attempt 1: ");
            master.awaitLine("registers from 40: [1600, 1681, 1764, 1849, 1936, 2025,");
            assertThat(master.exitStatus()).isZero();
        }
    }
}
