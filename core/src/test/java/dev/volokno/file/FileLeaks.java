package dev.volokno.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The common check for leaks does not look at files, because the JDK opens some when it likes. */
final class FileLeaks {
    private FileLeaks() {}

    /** Fails if a file below {@code directory} is open in this process. */
    static void assertNoneIn(Path directory) throws IOException {
        List<String> open = new ArrayList<>();
        try (Stream<Path> numbers = Files.list(Path.of("/proc/self/fd"))) {
            numbers.forEach(number -> {
                String target = target(number);
                if (target.startsWith(directory.toString())) {
                    open.add(target);
                }
            });
        }
        assertThat(open).isEmpty();
    }

    private static String target(Path number) {
        try {
            return Files.readSymbolicLink(number).toString();
        } catch (IOException closedMeanwhile) {
            return "";
        }
    }
}
