package dev.volokno.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ListingsTest {
    @TempDir private Path folder;

    @Test
    void manyConnectionsAskAServerOfTheTestsOwn() throws Exception {
        Path server = Path.of("/usr/bin/pg_virtualenv");
        assumeTrue(Files.isExecutable(server), "needs PostgreSQL (apt-get install postgresql)");
        var command = new ArrayList<>(List.of(server.toString(), "-o", "fsync=off"));
        // Where the server is, it has from the environment.
        command.addAll(Program.commandOf("Listings", "dbname=postgres", "20"));
        try (var listings = Program.start(folder, command.toArray(String[]::new))) {
            // The sum of 1 to n, for n of 1000, 2000 to 20000.
            assertThat(listings.awaitLine("all rows")).endsWith(": 1435105000");
            listings.awaitLine("notified: done by");
            // Until the server is gone too.
            listings.allLines();
        }
    }
}
