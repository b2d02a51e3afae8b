import dev.volokno.fiber.Fiber;
import dev.volokno.fiber.Scope;
import dev.volokno.loop.Loop;
import dev.volokno.process.ChildProcess;
import dev.volokno.process.Command;
import dev.volokno.process.Stdio;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Many children at once, each of which echoes what it gets through pipes: Volokno beside {@code
 * ProcessBuilder} with two threads per child. See benchmarks/README.md.
 */
public final class ChildrenBench {
    private static final int PIECE = 1 << 16;

    private final int children;
    private final int bytes;

    private ChildrenBench(int children, int bytes) {
        this.children = children;
        this.bytes = bytes;
    }

    private record Round(double wallMillis, double cpuMillis, int threads) {}

    /** Arguments: children, bytes each, rounds; 200, 1 MiB and 7 if not given. */
    public static void main(String[] arguments) throws Exception {
        int[] wanted = {200, 1 << 20, 7};
        for (int i = 0; i < Math.min(arguments.length, wanted.length); i++) {
            wanted[i] = Integer.parseInt(arguments[i]);
        }
        var bench = new ChildrenBench(wanted[0], wanted[1]);
        System.out.printf(
                "%d children, %d bytes each, %d rounds after one to warm up%n",
                wanted[0], wanted[1], wanted[2]);
        System.out.println("round  who             wall ms   cpu ms  more threads");
        List<Double> ratios = new ArrayList<>();
        for (int round = 0; round <= wanted[2]; round++) {
            Round ours = bench.measure(round, "volokno", () -> bench.volokno());
            Round theirs = bench.measure(round, "ProcessBuilder", () -> bench.processBuilder());
            if (round > 0) {
                ratios.add(ours.cpuMillis / theirs.cpuMillis);
            }
        }
        double[] sorted = ratios.stream().mapToDouble(ratio -> ratio).sorted().toArray();
        System.out.printf(
                "CPU of this process, volokno to ProcessBuilder: median %.2f, %.2f to %.2f%n",
                sorted[sorted.length / 2], sorted[0], sorted[sorted.length - 1]);
    }

    private Round measure(int number, String who, Callable<Long> body) throws Exception {
        var threads = ManagementFactory.getThreadMXBean();
        threads.resetPeakThreadCount();
        int before = threads.getThreadCount();
        long cpu = cpuNanos();
        long began = System.nanoTime();
        long echoed = body.call();
        long wall = System.nanoTime() - began;
        long used = cpuNanos() - cpu;
        if (echoed != (long) children * bytes) {
            throw new AssertionError(who + " lost bytes: " + echoed);
        }
        var round = new Round(wall / 1e6, used / 1e6, threads.getPeakThreadCount() - before);
        System.out.printf(
                "%5s  %-14s %8.0f %8.0f %6d%n",
                number == 0 ? "warm" : number,
                who,
                round.wallMillis,
                round.cpuMillis,
                round.threads);
        return round;
    }

    /** This process alone: its children's time is counted elsewhere. */
    private static long cpuNanos() {
        var system = ManagementFactory.getOperatingSystemMXBean();
        return ((com.sun.management.OperatingSystemMXBean) system).getProcessCpuTime();
    }

    // ---- Volokno

    private long volokno() throws Exception {
        long[] echoed = {0};
        Loop.run(() ->
                Scope.run(scope -> {
                    for (int i = 0; i < children; i++) {
                        scope.fork(() -> {
                            long count = echo(); // before the sum is looked at
                            echoed[0] += count;
                        });
                    }
                    return true;
                }));
        return echoed[0];
    }

    private long echo() throws Exception {
        var cat = Command.of("cat").withStdin(Stdio.pipe()).withStdout(Stdio.pipe());
        try (var child = ChildProcess.spawn(cat)) {
            var writer =
                    Fiber.start(() -> {
                        var zeros = ByteBuffer.allocateDirect(PIECE);
                        for (int left = bytes; left > 0; left -= PIECE) {
                            child.stdin().write(zeros.clear().limit(Math.min(left, PIECE)));
                        }
                        child.stdin().close();
                    });
            var piece = ByteBuffer.allocateDirect(PIECE);
            long count = 0;
            int read = child.stdout().read(piece);
            while (read >= 0) {
                count += read;
                read = child.stdout().read(piece.clear());
            }
            writer.join();
            if (!child.awaitExit().succeeded()) {
                throw new AssertionError(child);
            }
            return count;
        }
    }

    // ---- ProcessBuilder

    private long processBuilder() throws Exception {
        try (var threads = Executors.newCachedThreadPool()) {
            List<Future<Long>> echoes = new ArrayList<>();
            for (int i = 0; i < children; i++) {
                echoes.add(threads.submit(() -> jdkEcho(threads::submit)));
            }
            long echoed = 0;
            for (Future<Long> echo : echoes) {
                echoed += echo.get();
            }
            return echoed;
        }
    }

    private interface Starter {
        Future<?> start(Callable<Object> body);
    }

    private long jdkEcho(Starter starter) throws Exception {
        Process child = new ProcessBuilder("cat").start();
        Future<?> writer =
                starter.start(() -> {
                    try (var in = child.getOutputStream()) {
                        byte[] zeros = new byte[PIECE];
                        for (int left = bytes; left > 0; left -= PIECE) {
                            in.write(zeros, 0, Math.min(left, PIECE));
                        }
                    }
                    return true;
                });
        var piece = new byte[PIECE];
        long count = 0;
        try (var out = child.getInputStream()) {
            int read = out.read(piece);
            while (read >= 0) {
                count += read;
                read = out.read(piece);
            }
        }
        writer.get();
        if (child.waitFor() != 0) {
            throw new AssertionError(child);
        }
        return count;
    }
}
