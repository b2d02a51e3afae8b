package dev.volokno.integration;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.util.List;

/** Programs of others. */
final class Tools {
    private Tools() {}

    /** Starts one, or ends the test because it is not there. */
    static Process start(String... command) {
        try {
            return new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException e) {
            return abort("needs " + List.of(command).getFirst() + ": " + e.getMessage());
        }
    }

    /** What it says until its end; blocks. */
    static String outputOf(Process process) throws IOException {
        return new String(process.getInputStream().readAllBytes());
    }
}
