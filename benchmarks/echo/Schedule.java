import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Starts the servers and loads them one at a time, in an order that rotates by the round. */
final class Schedule {
    private static final int LOAD_CORE = 1;
    private static final int LOAD_SLACK_SECONDS = 60;
    private static final double IDLE_LIMIT_PERCENT = 0.5;

    private final BenchOptions options;
    private final Programs programs;
    private final Children children;
    private final List<Run> runs = new ArrayList<>();
    private List<Server> servers;

    Schedule(BenchOptions options, Programs programs, Children children) {
        this.options = options;
        this.programs = programs;
        this.children = children;
    }

    List<Run> measure() throws IOException, InterruptedException {
        servers = Server.startAll(options.servers(), programs, children);
        prime();
        for (int round = 1; round <= options.rounds(); round++) {
            measureRound(round);
        }
        return runs;
    }

    // Lets the just-in-time compilers finish what the first rounds would otherwise pay for.
    private void prime() throws IOException, InterruptedException {
        double seconds = options.prime() / options.connections().size();
        if (seconds == 0) {
            return;
        }
        for (Server server : servers) {
            if (server.kind().isJava()) {
                System.err.println("priming " + server.kind().label);
                for (int connections : options.connections()) {
                    load(server, new LoadPlan(connections, options.bytes(), seconds, 0));
                }
            }
        }
    }

    private void measureRound(int round) throws IOException, InterruptedException {
        var order = new ArrayList<>(servers);
        Collections.rotate(order, 1 - round);
        for (int connections : options.connections()) {
            for (Server server : order) {
                Run run = measureOne(round, server, connections);
                runs.add(run);
                System.err.println(progress(run));
            }
        }
    }

    private Run measureOne(int round, Server server, int connections)
            throws IOException, InterruptedException {
        var plan = new LoadPlan(connections, options.bytes(), options.seconds(), options.warmup());
        var idleBefore = cpuOfOthers(server);
        long start = System.nanoTime();
        String line = load(server, plan);
        warnOfBusy(idleBefore, cpuOfOthers(server), System.nanoTime() - start);
        return Run.parse(round, server.kind(), connections, line);
    }

    private String load(Server server, LoadPlan plan) throws IOException, InterruptedException {
        var command = programs.loadCommand(server, plan);
        var builder =
                new ProcessBuilder(new ArrayList<>(command))
                        .redirectError(ProcessBuilder.Redirect.INHERIT);
        Process load = children.start(LOAD_CORE, builder);
        long limit = (long) (plan.seconds() + plan.warmup()) + LOAD_SLACK_SECONDS;
        if (!load.waitFor(limit, TimeUnit.SECONDS)) {
            throw new IOException("the load on " + server.kind().label + " does not end");
        }
        String line = new String(load.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        if (!line.contains("cpu_total_ns_per_msg=")) {
            throw new IOException(
                    "the load on "
                            + server.kind().label
                            + " ended with status "
                            + load.exitValue());
        }
        return line;
    }

    private Map<Server, Long> cpuOfOthers(Server loaded) throws IOException {
        var cpu = new HashMap<Server, Long>();
        for (Server server : servers) {
            if (server != loaded) {
                cpu.put(server, server.cpuNanos());
            }
        }
        return cpu;
    }

    private static void warnOfBusy(Map<Server, Long> before, Map<Server, Long> after, long wall) {
        before.forEach((server, earlier) -> {
            double percent = 100.0 * (after.get(server) - earlier) / wall;
            if (percent > IDLE_LIMIT_PERCENT) {
                System.err.printf(
                        "warning: idle %s used %.1f %% of its core%n",
                        server.kind().label, percent);
            }
        });
    }

    private String progress(Run run) {
        return "round %d/%d  %4d connections  %-18s %8.0f msgs/s %8.0f ns/msg%s%s"
                .formatted(
                        run.round(),
                        options.rounds(),
                        run.connections(),
                        run.server().label,
                        run.value("msgs_per_s"),
                        run.value("cpu_total_ns_per_msg"),
                        run.isDisturbed() ? "  disturbed" : "",
                        run.errors() > 0 ? "  " + run.errors() + " ERRORS" : "");
    }
}
