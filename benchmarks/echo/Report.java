import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;

/** The tables at the end: medians, and ratios paired by the round. */
final class Report {
    private static final int ROUNDS_FOR_A_CLAIM = 6;
    private static final String CPU = "cpu_total_ns_per_msg";
    private static final String RATE = "msgs_per_s";

    private final BenchOptions options;
    private final List<Run> runs;
    private final List<String> lines = new ArrayList<>();

    Report(BenchOptions options, List<Run> runs) {
        this.options = options;
        this.runs = runs;
    }

    long errors() {
        return runs.stream().mapToLong(Run::errors).sum();
    }

    List<String> lines() {
        lines.clear();
        for (int connections : options.connections()) {
            addMedians(connections);
            addRatios(connections, ServerKind.C);
            addRatios(connections, ServerKind.JDK);
        }
        addDoubts();
        return lines;
    }

    private void addMedians(int connections) {
        lines.add("");
        lines.add(
                "%d connection%s, %d bytes: medians of %d rounds"
                        .formatted(
                                connections,
                                connections == 1 ? "" : "s",
                                options.bytes(),
                                options.rounds()));
        lines.add(
                "%-20s%10s%9s%9s%10s%9s%9s%9s"
                        .formatted(
                                "server",
                                "msgs/s",
                                "p50 us",
                                "p99 us",
                                "p99.9 us",
                                "user ns",
                                "sys ns",
                                "total ns"));
        for (ServerKind server : options.servers()) {
            lines.add(
                    "%-20s%10.0f%9.1f%9.1f%10.1f%9.0f%9.0f%9.0f"
                            .formatted(
                                    server.label,
                                    median(server, connections, RATE),
                                    median(server, connections, "p50_us"),
                                    median(server, connections, "p99_us"),
                                    median(server, connections, "p999_us"),
                                    median(server, connections, "cpu_user_ns_per_msg"),
                                    median(server, connections, "cpu_sys_ns_per_msg"),
                                    median(server, connections, CPU)));
        }
    }

    private void addRatios(int connections, ServerKind base) {
        if (!options.servers().contains(base) || options.servers().size() == 1) {
            return;
        }
        lines.add("%-20s%28s%28s".formatted("against " + base.label, "CPU per message", "msgs/s"));
        for (ServerKind server : options.servers()) {
            if (server != base) {
                lines.add(
                        "%-20s%28s%28s"
                                .formatted(
                                        server.label,
                                        ratio(server, base, connections, CPU),
                                        ratio(server, base, connections, RATE)));
            }
        }
    }

    /** Formats median (least..greatest), starred if the rounds agree on which one is greater. */
    private String ratio(ServerKind server, ServerKind base, int connections, String key) {
        double[] numerators = byRound(server, connections, key);
        double[] denominators = byRound(base, connections, key);
        var ratios = new double[numerators.length];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = numerators[i] / denominators[i];
        }
        double least = DoubleStream.of(ratios).min().orElseThrow();
        double greatest = DoubleStream.of(ratios).max().orElseThrow();
        boolean decided = ratios.length >= ROUNDS_FOR_A_CLAIM && (least > 1 || greatest < 1);
        return "%.3f (%.3f..%.3f)%s"
                .formatted(median(ratios), least, greatest, decided ? " *" : "  ");
    }

    private void addDoubts() {
        lines.add("");
        lines.add("* all of at least " + ROUNDS_FOR_A_CLAIM + " rounds are on this side of 1");
        long disturbed = runs.stream().filter(Run::isDisturbed).count();
        if (disturbed > 0) {
            lines.add(
                    "%d of %d runs were DISTURBED: other processes or the hypervisor took the "
                                    .formatted(disturbed, runs.size())
                            + "cores; do not quote these figures");
        }
        if (errors() > 0) {
            lines.add(errors() + " ERRORS: messages were lost or changed; the figures are void");
        }
    }

    private double median(ServerKind server, int connections, String key) {
        return median(byRound(server, connections, key));
    }

    private double[] byRound(ServerKind server, int connections, String key) {
        return runs.stream()
                .filter(run -> run.server() == server && run.connections() == connections)
                .mapToDouble(run -> run.value(key))
                .toArray();
    }

    private static double median(double[] values) {
        double[] sorted = DoubleStream.of(values).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
