import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Publishes to itself and receives by three clients in turn, over the same broker: messages a
 * second, processor time a message, threads. {@code MqttBench JAVA CLASSPATH [ROUNDS [COUNT]]}.
 */
final class MqttBench {
    private static final List<String> KINDS = List.of("volokno", "paho", "hivemq");

    private final String java;
    private final String classPath;
    private final int count;
    private final Map<String, List<double[]>> results = new TreeMap<>();

    private MqttBench(String java, String classPath, int count) {
        this.java = java;
        this.classPath = classPath;
        this.count = count;
    }

    public static void main(String[] args) throws Exception {
        int rounds = args.length > 2 ? Integer.parseInt(args[2]) : 6;
        int count = args.length > 3 ? Integer.parseInt(args[3]) : 100_000;
        var bench = new MqttBench(args[0], args[1], count);
        bench.run(rounds);
    }

    private void run(int rounds) throws Exception {
        Path folder = Files.createTempDirectory("mqtt-bench");
        int port = freePort();
        Path settings = folder.resolve("broker.conf");
        Files.writeString(
                settings,
                "listener " + port + " 127.0.0.1\nallow_anonymous true\nlog_dest none\n"
                        + "max_inflight_messages 0\nmax_queued_messages 0\nset_tcp_nodelay true\n");
        Process broker =
                new ProcessBuilder("taskset", "-c", "1", "/usr/sbin/mosquitto", "-c",
                                settings.toString())
                        .inheritIO()
                        .start();
        try {
            awaitBroker(port);
            for (int round = 0; round < rounds; round++) {
                for (int qos = 0; qos <= 1; qos++) {
                    for (String kind : KINDS) {
                        measure(kind, port, qos);
                    }
                }
            }
        } finally {
            broker.destroy();
            broker.waitFor();
            Files.delete(settings);
            Files.delete(folder);
        }
        print();
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static void awaitBroker(int port) throws InterruptedException {
        for (int i = 0; i < 1000; i++) {
            try (var socket = new Socket()) {
                socket.connect(new InetSocketAddress("127.0.0.1", port));
                return;
            } catch (IOException notYet) {
                Thread.sleep(5);
            }
        }
        throw new IllegalStateException("the broker does not start");
    }

    private void measure(String kind, int port, int qos) throws Exception {
        var command = new ArrayList<>(List.of("taskset", "-c", "0", java));
        command.addAll(
                List.of(
                        "--add-opens=java.base/java.lang=ALL-UNNAMED",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-XX:+UseSerialGC",
                        "-cp",
                        classPath,
                        "MqttRun",
                        kind,
                        Integer.toString(port),
                        Integer.toString(qos),
                        Integer.toString(count)));
        Process process =
                new ProcessBuilder(command)
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        String[] words = process.inputReader().readLine().split(" ");
        process.waitFor();
        double[] values = Arrays.stream(words).mapToDouble(Double::parseDouble).toArray();
        results.computeIfAbsent("QoS " + qos + ", " + kind, _ -> new ArrayList<>()).add(values);
        System.err.printf("QoS %d, %s: %s%n", qos, kind, String.join(" ", words));
    }

    private void print() {
        System.out.println("| | messages/s | CPU of the client a message | threads |");
        System.out.println("|---|---|---|---|");
        results.forEach((what, values) ->
                System.out.printf(
                        "| %s | %.0f | %.1f us | %.0f |%n",
                        what, median(values, 0), median(values, 1), median(values, 2)));
    }

    private static double median(List<double[]> values, int column) {
        double[] sorted = values.stream().mapToDouble(row -> row[column]).sorted().toArray();
        return sorted[sorted.length / 2];
    }
}
