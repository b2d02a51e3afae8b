import dev.volokno.fiber.Fiber;
import dev.volokno.libpq.Postgres;
import dev.volokno.libpq.Statement;
import dev.volokno.loop.Loop;
import dev.volokno.loop.LoopOptions;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * Queries on many connections to one server: libpq in the fibers of one loop beside PostgreSQL's JDBC
 * driver in virtual threads. Each connection has a fiber, or a virtual thread, that asks a prepared
 * question over and over. The server is the one of {@code PGHOST}, {@code PGPORT}, {@code PGUSER},
 * {@code PGPASSWORD}. See benchmarks/README.md.
 */
public final class PqBench {
    /** The first round takes so many times as long: compiling goes on for a while. */
    private static final int WARM_UP = 5;

    private final int connections;
    private final long nanos;
    private int warming = WARM_UP;
    private final Map<String, List<Sample>> samples = new LinkedHashMap<>();

    private PqBench(int connections, double seconds) {
        this.connections = connections;
        nanos = (long) (seconds * 1e9);
    }

    /** What was measured: only the time in which all connections are there. */
    private record Sample(double queriesPerSecond, double cpuMicros, int threads) {}

    /** Arguments: connections, seconds of a run, rounds; 100, 2 and 6 if not given. */
    public static void main(String[] arguments) throws Exception {
        double[] wanted = {100, 2, 6};
        for (int i = 0; i < Math.min(arguments.length, wanted.length); i++) {
            wanted[i] = Double.parseDouble(arguments[i]);
        }
        var bench = new PqBench((int) wanted[0], wanted[1]);
        System.out.printf(
                "%.0f connections, runs of %.1f s, %.0f rounds after one to warm up%n",
                wanted[0], wanted[1], wanted[2]);
        System.out.println("round  who              queries/s   CPU us/query  more threads");
        for (int round = 0; round <= wanted[2]; round++) {
            bench.warming = round == 0 ? WARM_UP : 1;
            bench.run(round, "libpq io_uring", () -> bench.libpq("io_uring"));
            bench.run(round, "JDBC virtual", bench::jdbc);
            bench.run(round, "libpq epoll", () -> bench.libpq("epoll"));
        }
        bench.report("libpq io_uring", "JDBC virtual");
        bench.report("libpq epoll", "JDBC virtual");
    }

    private interface Runner {
        Sample run() throws Exception;
    }

    private void run(int round, String who, Runner runner) throws Exception {
        Sample sample = runner.run();
        if (round > 0) {
            samples.computeIfAbsent(who, name -> new ArrayList<>()).add(sample);
        }
        System.out.printf(
                "%5s  %-15s %10.0f %14.1f %8d%n",
                round == 0 ? "warm" : round,
                who,
                sample.queriesPerSecond,
                sample.cpuMicros,
                sample.threads);
    }

    private void report(String ours, String theirs) {
        double[] cpu = new double[samples.get(ours).size()];
        double[] rate = new double[cpu.length];
        for (int i = 0; i < cpu.length; i++) {
            Sample one = samples.get(ours).get(i);
            Sample other = samples.get(theirs).get(i);
            cpu[i] = one.cpuMicros / other.cpuMicros;
            rate[i] = one.queriesPerSecond / other.queriesPerSecond;
        }
        System.out.printf(
                "%s to %s: CPU per query %s, queries/s %s%n",
                ours, theirs, spread(cpu), spread(rate));
    }

    private static String spread(double[] ratios) {
        Arrays.sort(ratios);
        return String.format(
                "%.2f (%.2f to %.2f)",
                ratios[ratios.length / 2], ratios[0], ratios[ratios.length - 1]);
    }

    /** From the moment all are connected until the time is over. */
    private final class Window {
        private final AtomicLong queries = new AtomicLong();
        private final int threadsBefore;
        private long began;
        private long cpuBefore;
        private int threads;

        Window() {
            threadsBefore = threads();
        }

        void begin() throws IOException {
            began = System.nanoTime();
            cpuBefore = cpuNanos();
        }

        boolean isOpen() {
            return System.nanoTime() - began < nanos * warming;
        }

        void halfway() {
            threads = threads() - threadsBefore;
        }

        Sample end() throws IOException {
            double wall = (System.nanoTime() - began) / 1e9;
            long cpu = cpuNanos() - cpuBefore;
            long count = queries.get();
            return new Sample(count / wall, cpu / 1e3 / count, threads);
        }

        /** All threads of the process, the JVM's own too; a loop's own thread is here before. */
        private static int threads() {
            String[] tasks = new java.io.File("/proc/self/task").list();
            return tasks == null ? 0 : tasks.length;
        }

        /** Of all threads but the JVM's compilers, which go on for long after their work. */
        private static long cpuNanos() throws IOException {
            var system = ManagementFactory.getOperatingSystemMXBean();
            long all = ((com.sun.management.OperatingSystemMXBean) system).getProcessCpuTime();
            try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
                return all - tasks.mapToLong(Window::compilerNanos).sum();
            }
        }

        private static long compilerNanos(Path task) {
            try {
                boolean compiler = Files.readString(task.resolve("comm")).matches("C[12] Comp.*\\s*");
                String[] times = Files.readString(task.resolve("schedstat")).split(" ");
                return compiler ? Long.parseLong(times[0]) : 0;
            } catch (IOException endedMeanwhile) {
                return 0;
            }
        }
    }

    // ---- libpq

    private Sample libpq(String backend) throws Exception {
        var window = new Window();
        Sample[] sample = new Sample[1];
        Loop.run(
                LoopOptions.defaults().withBackend(backend),
                () -> {
                    var open = new ArrayList<Postgres>();
                    var statements = new ArrayList<Statement>();
                    for (int i = 0; i < connections; i++) {
                        open.add(Postgres.connect(""));
                        statements.add(open.get(i).prepare("select $1::int + 1"));
                    }
                    window.begin();
                    var fibers = new ArrayList<Fiber<Void>>();
                    for (Statement statement : statements) {
                        fibers.add(Fiber.start(() -> ask(statement, window)));
                    }
                    window.halfway();
                    for (Fiber<Void> fiber : fibers) {
                        fiber.join();
                    }
                    sample[0] = window.end();
                    for (Postgres postgres : open) {
                        postgres.close();
                    }
                });
        return sample[0];
    }

    private static void ask(Statement statement, Window window) throws Exception {
        int count = 0;
        while (window.isOpen()) {
            check(count, statement.query(count).row().integer(0));
            count++;
        }
        window.queries.addAndGet(count);
    }

    private static void check(int asked, long answer) {
        if (answer != asked + 1) {
            throw new AssertionError(asked + " + 1 is " + answer);
        }
    }

    // ---- JDBC

    private Sample jdbc() throws Exception {
        var window = new Window();
        var open = new ArrayList<Connection>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var statements = new ArrayList<PreparedStatement>();
            for (int i = 0; i < connections; i++) {
                open.add(DriverManager.getConnection(url()));
                statements.add(open.get(i).prepareStatement("select ?::int + 1"));
            }
            window.begin();
            var futures = new ArrayList<Future<?>>();
            for (PreparedStatement statement : statements) {
                futures.add(threads.submit(() -> {
                    ask(statement, window);
                    return null;
                }));
            }
            window.halfway();
            for (Future<?> future : futures) {
                future.get();
            }
            return window.end();
        } finally {
            for (Connection connection : open) {
                connection.close();
            }
        }
    }

    /** The server prepares from the first time on, as it does for libpq. */
    private static String url() {
        return "jdbc:postgresql://"
                + System.getenv("PGHOST")
                + ":"
                + System.getenv("PGPORT")
                + "/postgres?prepareThreshold=1&user="
                + System.getenv("PGUSER")
                + "&password="
                + System.getenv().getOrDefault("PGPASSWORD", "");
    }

    private static void ask(PreparedStatement statement, Window window) throws Exception {
        int count = 0;
        while (window.isOpen()) {
            statement.setInt(1, count);
            try (var result = statement.executeQuery()) {
                if (!result.next()) {
                    throw new AssertionError("no row");
                }
                check(count, result.getInt(1));
            }
            count++;
        }
        window.queries.addAndGet(count);
    }
}
