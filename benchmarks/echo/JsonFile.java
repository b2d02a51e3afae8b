import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Writes all raw values of a benchmark, for those who do their own statistics. */
final class JsonFile {
    private JsonFile() {}

    static void write(Path file, Map<String, String> machine, BenchOptions options, List<Run> runs)
            throws IOException {
        Files.writeString(
                file,
                """
                {
                  "machine": {%s},
                  "seconds": %s, "warmup": %s, "prime": %s,
                  "runs": [
                %s
                  ]
                }
                """
                        .formatted(
                                machineMembers(machine),
                                options.seconds(),
                                options.warmup(),
                                options.prime(),
                                runs.stream()
                                        .map(JsonFile::object)
                                        .collect(Collectors.joining(",\n"))));
    }

    private static String machineMembers(Map<String, String> machine) {
        return machine.entrySet().stream()
                .map(fact -> quoted(fact.getKey()) + ": " + quoted(fact.getValue()))
                .collect(Collectors.joining(", "));
    }

    // The values of a run are numbers, as the load generator printed them.
    private static String object(Run run) {
        String values =
                run.values().entrySet().stream()
                        .map(value -> quoted(value.getKey()) + ": " + value.getValue())
                        .collect(Collectors.joining(", "));
        return "    {\"round\": %d, \"server\": %s, %s}"
                .formatted(run.round(), quoted(run.server().label), values);
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
