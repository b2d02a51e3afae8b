import java.io.BufferedReader;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Starts the servers, each on ports of its own, loads them one at a time, and tells medians. */
final class SerialRounds {
    private static final int SERVER_CORE = 0;
    private static final int LOAD_CORE = 1;
    private static final String CPU = "cpu_total_ns_per_msg";
    private static final List<String> COLUMNS =
            List.of(
                    "msgs_per_s",
                    "p50_us",
                    "p99_us",
                    "cpu_user_ns_per_msg",
                    "cpu_sys_ns_per_msg",
                    CPU,
                    "threads");

    private final Programs programs;
    private final Children children;
    private final Map<String, String> options;
    private final List<String> servers;
    private final List<Integer> ports;
    private final List<Long> pids = new ArrayList<>();
    private final Map<String, List<Map<String, String>>> runs = new LinkedHashMap<>();
    private Process load;
    private BufferedReader answers;
    private Writer commands;

    SerialRounds(Programs programs, Children children, Map<String, String> options) {
        this.programs = programs;
        this.children = children;
        this.options = options;
        servers = new ArrayList<>(List.of(options.get("--servers").split(",")));
        ports = Stream.of(options.get("--ports").split(",")).map(Integer::valueOf).toList();
    }

    /** Whether each request was answered as it should. */
    boolean run() throws IOException {
        startAll();
        prime();
        int rounds = Integer.parseInt(options.get("--rounds"));
        for (int round = 0; round < rounds; round++) {
            measureRound(round);
        }
        ports.forEach(this::print);
        printIdle();
        return runs.values().stream()
                .flatMap(List::stream)
                .allMatch(values -> values.get("errors").equals("0"));
    }

    private void startAll() throws IOException {
        String most = Integer.toString(Collections.max(ports));
        load =
                children.start(
                        LOAD_CORE,
                        builder(file("serial_load"), Integer.toString(servers.size()), most));
        answers = load.inputReader();
        commands = load.outputWriter();
        for (String server : servers) {
            String paths = answer();
            var command = new ArrayList<>(commandOf(server));
            command.addAll(List.of(paths.strip().split(" ")));
            Process process = children.start(SERVER_CORE, builder(command));
            String ready = process.inputReader().readLine();
            if (!"ready".equals(ready)) {
                throw new IOException(server + " does not start: " + ready);
            }
            pids.add(process.pid());
        }
    }

    /** A JVM that does nothing: what the others cost beyond that is theirs. */
    private void startIdleJvm() throws IOException {
        var command = List.of(programs.java().toString(), "-XX:+UseSerialGC", "-cp", file("classes"), "IdleJvm");
        Process process = children.start(SERVER_CORE, builder(new ArrayList<>(command)));
        process.inputReader().readLine();
        servers.add("idle jvm");
        pids.add(process.pid());
    }

    private static ProcessBuilder builder(String... command) {
        return builder(new ArrayList<>(List.of(command)));
    }

    private static ProcessBuilder builder(List<String> command) {
        return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    }

    private String file(String name) {
        return programs.home().resolve("benchmarks/target/serial").resolve(name).toString();
    }

    private List<String> commandOf(String server) {
        return switch (server) {
            case "c" -> List.of(file("serial_server"));
            case "uring" -> volokno("io_uring");
            case "epoll" -> volokno("epoll");
            case "jserialcomm" ->
                    List.of(
                            programs.java().toString(),
                            "-XX:+UseSerialGC",
                            "--enable-native-access=ALL-UNNAMED",
                            "-cp",
                            file("classes") + ":" + file("jSerialComm.jar"),
                            "JSerialCommServer");
            default -> throw new IllegalArgumentException("no such server: " + server);
        };
    }

    private List<String> volokno(String backend) {
        return List.of(
                programs.java().toString(),
                "-XX:+UseSerialGC",
                "-Dvolokno.backend=" + backend,
                "--module-path",
                programs.home().resolve("core/target/classes").toString(),
                "--add-modules=dev.volokno",
                "--add-opens=java.base/java.lang=dev.volokno",
                "--enable-native-access=dev.volokno",
                "-cp",
                file("classes"),
                "VoloknoSerialServer");
    }

    private String ask(String command) throws IOException {
        commands.write(command + "\n");
        commands.flush();
        return answer();
    }

    private String answer() throws IOException {
        String line = answers.readLine();
        if (line == null) {
            throw new IOException("the load has ended with status " + statusOfLoad());
        }
        return line;
    }

    /** Beyond 128 it is a signal's number: 143 if the whole benchmark was ended from outside. */
    private int statusOfLoad() throws IOException {
        try {
            return load.waitFor();
        } catch (InterruptedException e) {
            throw new InterruptedIOException("interrupted");
        }
    }

    private Map<String, String> load(int server, int count, String seconds, String warmup)
            throws IOException {
        String line = ask("run %d %d %s %s %d".formatted(server, count, seconds, warmup, pids.get(server)));
        var values = new LinkedHashMap<String, String>();
        for (String pair : line.strip().split(" ")) {
            values.put(pair.split("=")[0], pair.split("=")[1]);
        }
        return values;
    }

    private void prime() throws IOException {
        String seconds = Double.toString(Double.parseDouble(options.get("--prime")) / ports.size());
        for (int i = 0; i < servers.size(); i++) {
            for (int count : ports) {
                if (!servers.get(i).equals("c")) {
                    load(i, count, seconds, "0");
                }
            }
        }
    }

    private void measureRound(int round) throws IOException {
        for (int count : ports) {
            for (int i = 0; i < servers.size(); i++) {
                int server = (i + round) % servers.size();
                var values = load(server, count, options.get("--seconds"), options.get("--warmup"));
                runs.computeIfAbsent(key(server, count), _ -> new ArrayList<>()).add(values);
                System.err.printf(
                        "round %d  %2d ports  %-12s %s msgs/s %s ns/msg%n",
                        round + 1,
                        count,
                        servers.get(server),
                        values.get("msgs_per_s"),
                        values.get(CPU));
            }
        }
    }

    private static String key(int server, int count) {
        return server + "/" + count;
    }

    private void print(int count) {
        IO.println("\n%d port%s, 8 bytes: medians".formatted(count, count == 1 ? "" : "s"));
        IO.println(
                "%-12s%10s%9s%9s%9s%9s%9s%9s  %s"
                        .formatted(
                                "server",
                                "msgs/s",
                                "p50 us",
                                "p99 us",
                                "user ns",
                                "sys ns",
                                "total ns",
                                "threads",
                                "CPU against " + servers.getFirst()));
        for (int i = 0; i < servers.size(); i++) {
            var line = new StringBuilder("%-12s".formatted(servers.get(i)));
            for (String column : COLUMNS) {
                int width = column.equals("msgs_per_s") ? 10 : 9;
                line.append(("%" + width + ".0f").formatted(median(values(i, count, column))));
            }
            IO.println(line + "  " + ratio(i, count));
        }
    }

    private double[] values(int server, int count, String column) {
        return runs.get(key(server, count)).stream()
                .mapToDouble(values -> Double.parseDouble(values.get(column)))
                .toArray();
    }

    /** Median (least..greatest) over the rounds: neighbours in time are compared. */
    private String ratio(int server, int count) {
        double[] ratios = values(server, count, CPU);
        double[] base = values(0, count, CPU);
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] /= base[i];
        }
        double middle = median(ratios);
        Arrays.sort(ratios);
        return "%.3f (%.3f..%.3f)".formatted(middle, ratios[0], ratios[ratios.length - 1]);
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private void printIdle() throws IOException {
        startIdleJvm();
        IO.println("\n%d idle open ports: CPU per second".formatted(Collections.max(ports)));
        for (int i = 0; i < servers.size(); i++) {
            String line = ask("idle " + options.get("--seconds") + " " + pids.get(i));
            IO.println("%-12s %s".formatted(servers.get(i), line));
        }
    }
}
