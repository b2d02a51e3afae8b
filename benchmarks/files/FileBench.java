import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Files beside the peers: 4 KiB random reads, a sequential copy, a walk of a tree. The contenders of
 * a round take turns, each round begins with another one, and what is told is medians and ratios.
 */
final class FileBench {
    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private final Path directory;
    private final long fileBytes;
    private final long copyBytes;
    private final int treeFiles;
    private final int rounds;
    private final int seconds;
    private final int depth;
    private final List<String> parts;

    private FileBench(Options options) {
        directory = Path.of(options.text("dir", System.getProperty("java.io.tmpdir")));
        fileBytes = options.bytes("size", "2G");
        copyBytes = options.bytes("copy-size", "4G");
        treeFiles = (int) options.bytes("tree-files", "100000");
        rounds = (int) options.bytes("rounds", "6");
        seconds = (int) options.bytes("seconds", "5");
        depth = (int) options.bytes("depth", "64");
        parts = Arrays.asList(options.text("only", "direct,cached,copy,tree").split(","));
    }

    public static void main(String[] arguments) throws Exception {
        new FileBench(new Options(arguments)).run();
    }

    private void run() throws Exception {
        Path scratch = Files.createTempDirectory(directory, "volokno-files-");
        try {
            if (parts.contains("direct") || parts.contains("cached")) {
                Path file = RandomReads.fill(scratch.resolve("random"), fileBytes);
                for (boolean direct : new boolean[] {true, false}) {
                    if (parts.contains(direct ? "direct" : "cached")) {
                        reads(new RandomReads(file, direct, depth, seconds));
                    }
                }
                Files.delete(file);
            }
            if (parts.contains("copy")) {
                Path file = RandomReads.fill(scratch.resolve("copied"), copyBytes);
                compare("sequential copy of " + copyBytes + " bytes, MB/s", new Copies(file).all());
                Files.delete(file);
            }
            if (parts.contains("tree")) {
                Path tree = Walks.grow(scratch.resolve("tree"), treeFiles);
                compare("walk of " + treeFiles + " files, files/s", new Walks(tree).all());
            }
        } finally {
            new ProcessBuilder("rm", "-rf", scratch.toString()).inheritIO().start().waitFor();
        }
    }

    private void reads(RandomReads reads) throws Exception {
        String how = reads.isDirect() ? "O_DIRECT" : "cached";
        compare("4 KiB random reads, " + how + ", depth " + depth + ", IOPS", reads.all());
    }

    /** Measures once and says how much a second. */
    interface Contender {
        double measure() throws Exception;
    }

    /** What the rounds of one contender gave. */
    private record Results(double[] rates, double[] cpuNanos) {
        void measure(int round, Contender contender) throws Exception {
            long cpu = SYSTEM.getProcessCpuTime();
            long start = System.nanoTime();
            double rate = contender.measure();
            double count = rate * (System.nanoTime() - start) / 1e9;
            rates[round] = rate;
            cpuNanos[round] = (SYSTEM.getProcessCpuTime() - cpu) / count;
        }
    }

    private void compare(String what, Map<String, Contender> contenders) throws Exception {
        var names = new ArrayList<>(contenders.keySet());
        Map<String, Results> results = new LinkedHashMap<>();
        names.forEach(
                name -> results.put(name, new Results(new double[rounds], new double[rounds])));
        // The first round warms up, and is measured once more.
        for (int round = -1; round < rounds; round++) {
            for (int i = 0; i < names.size(); i++) {
                String name = names.get((round + 1 + i) % names.size());
                results.get(name).measure(Math.max(round, 0), contenders.get(name));
            }
        }
        IO.println(what);
        Results ours = results.get(names.getFirst());
        for (String name : names) {
            Results theirs = results.get(name);
            boolean inJvm = name.startsWith("volokno") || name.startsWith("File");
            IO.println(
                    "  %-28s %,12.0f  ours is %s   JVM CPU %s"
                            .formatted(
                                    name,
                                    median(theirs.rates),
                                    ratios(ours.rates, theirs.rates),
                                    inJvm
                                            ? "%,8.0f ns each, ours is %s"
                                                    .formatted(
                                                            median(theirs.cpuNanos),
                                                            ratios(ours.cpuNanos, theirs.cpuNanos))
                                            : "none"));
        }
    }

    private static String ratios(double[] ours, double[] theirs) {
        double[] ratios = new double[ours.length];
        Arrays.setAll(ratios, round -> ours[round] / theirs[round]);
        Arrays.sort(ratios);
        return "%.2f (%.2f..%.2f)".formatted(median(ratios), ratios[0], ratios[ratios.length - 1]);
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1
                ? sorted[middle]
                : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /** What the command line says: {@code --name value}. */
    private static final class Options {
        private final List<String> arguments;

        Options(String[] arguments) {
            this.arguments = List.of(arguments);
        }

        String text(String name, String otherwise) {
            int at = arguments.indexOf("--" + name);
            return at < 0 ? otherwise : arguments.get(at + 1);
        }

        long bytes(String name, String otherwise) {
            String text = text(name, otherwise).toUpperCase();
            int shift = 10 * (1 + "KMG".indexOf(text.charAt(text.length() - 1)));
            return Long.parseLong(shift == 0 ? text : text.substring(0, text.length() - 1))
                    << shift;
        }
    }

    /** Runs a program that must succeed: what it printed. */
    static String program(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes());
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + ": " + output);
        }
        return output;
    }
}
