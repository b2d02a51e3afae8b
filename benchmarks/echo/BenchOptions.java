import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What the command line chose. */
record BenchOptions(
        int rounds,
        double seconds,
        double warmup,
        double prime,
        int bytes,
        List<Integer> connections,
        List<ServerKind> servers,
        Path json) {

    static final String USAGE =
            """
            usage: EchoBench [options]
              --rounds N            rounds over all servers and connection counts (6)
              --seconds S           measured time of each run (3)
              --warmup S            load before each measured window (2)
              --prime S             load on each JVM server before the first round (12)
              --connections A,B,..  connection counts (1,8,64,512)
              --servers A,B,..      of c, uring, epoll, unconfined, jdk (c,uring,epoll,jdk)
              --bytes N             message size (64)
              --json FILE           write all raw values to FILE\
            """;

    private static final Map<String, String> DEFAULTS =
            Map.of(
                    "--rounds", "6",
                    "--seconds", "3",
                    "--warmup", "2",
                    "--prime", "12",
                    "--connections", "1,8,64,512",
                    "--servers", "c,uring,epoll,jdk",
                    "--bytes", "64",
                    "--json", "");

    static BenchOptions parse(String[] arguments) {
        var values = new HashMap<>(DEFAULTS);
        for (int i = 0; i < arguments.length; i += 2) {
            if (!DEFAULTS.containsKey(arguments[i]) || i + 1 == arguments.length) {
                throw new IllegalArgumentException("what is " + arguments[i] + "?\n" + USAGE);
            }
            values.put(arguments[i], arguments[i + 1]);
        }
        return fromValues(values);
    }

    private static BenchOptions fromValues(Map<String, String> values) {
        String json = values.get("--json");
        return new BenchOptions(
                positive(values.get("--rounds")),
                seconds(values.get("--seconds")),
                seconds(values.get("--warmup")),
                seconds(values.get("--prime")),
                positive(values.get("--bytes")),
                items(values.get("--connections")).map(BenchOptions::positive).toList(),
                items(values.get("--servers")).map(ServerKind::named).toList(),
                json.isEmpty() ? null : Path.of(json));
    }

    private static Stream<String> items(String list) {
        return Stream.of(list.split(",")).map(String::strip).distinct();
    }

    private static int positive(String text) {
        int number = Integer.parseInt(text);
        if (number < 1) {
            throw new IllegalArgumentException("must be positive: " + number);
        }
        return number;
    }

    private static double seconds(String text) {
        double seconds = Double.parseDouble(text);
        if (!(seconds >= 0 && seconds <= 3600)) {
            throw new IllegalArgumentException("must be 0 to 3600 seconds: " + text);
        }
        return seconds;
    }
}
