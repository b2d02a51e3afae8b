import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a figure must be quoted with: the machine, the JDK and the commit. */
final class Machine {
    private static final String UNKNOWN = "unknown";

    private Machine() {}

    static Map<String, String> inspect(Programs programs) throws IOException {
        var facts = new LinkedHashMap<String, String>();
        facts.put("cpu", cpuModel());
        facts.put("cores", Integer.toString(Runtime.getRuntime().availableProcessors()));
        facts.put("kernel", System.getProperty("os.version") + " " + System.getProperty("os.arch"));
        facts.put("jdk", output(programs.home(), programs.java().toString(), "--version"));
        facts.put("gcc", output(programs.home(), "gcc", "--version"));
        facts.put(
                "commit",
                output(programs.home(), "git", "describe", "--always", "--dirty", "--abbrev=12"));
        facts.put("date", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        return facts;
    }

    private static String cpuModel() throws IOException {
        try (var lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.startsWith("model name")) // absent on aarch64
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse(UNKNOWN);
        }
    }

    /** Returns the first line that the command prints, or that it is unknown if it fails. */
    private static String output(Path directory, String... command) {
        try {
            var process =
                    new ProcessBuilder(command)
                            .directory(directory.toFile())
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start();
            byte[] bytes = process.getInputStream().readAllBytes();
            List<String> lines = new String(bytes, StandardCharsets.UTF_8).lines().toList();
            return process.waitFor() == 0 && !lines.isEmpty() ? lines.getFirst() : UNKNOWN;
        } catch (IOException e) {
            return UNKNOWN; // not installed; the benchmark does not depend on it
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return UNKNOWN;
        }
    }
}
