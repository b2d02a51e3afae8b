import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** One running server. It lives over all rounds, so that a JVM is measured warm. */
record Server(ServerKind kind, long pid, int port) {
    private static final int CORE = 0;
    // The launcher may have to compile first.
    private static final long START_SECONDS = 180;
    private static final Pattern LISTENING = Pattern.compile("(?m)^listening (\\d+)\n");

    static Server start(ServerKind kind, Programs programs, Children children)
            throws IOException, InterruptedException {
        Path log = programs.target().resolve(kind.label + ".log");
        var builder =
                new ProcessBuilder(new ArrayList<>(programs.serverCommand(kind)))
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile());
        builder.environment().put("VOLOKNO_JAVA_OPTS", Programs.launcherJavaOptions(kind));
        Process process = children.start(CORE, builder);
        var server = new Server(kind, process.pid(), awaitPort(kind, process, log));
        server.checkProcess();
        return server;
    }

    private static int awaitPort(ServerKind kind, Process process, Path log)
            throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (System.nanoTime() < deadline) {
            boolean over = process.waitFor(20, TimeUnit.MILLISECONDS);
            String output = Files.readString(log);
            var listening = LISTENING.matcher(output);
            if (listening.find() && !over) {
                return Integer.parseInt(listening.group(1));
            }
            if (over) {
                throw new IOException(kind.label + " did not start:\n" + output);
            }
        }
        throw new IOException(kind.label + " printed no port within " + START_SECONDS + " s");
    }

    // If a launcher forked the server, CPU figures would be those of the waiting launcher.
    private void checkProcess() throws IOException {
        String name = Files.readString(Path.of("/proc", Long.toString(pid), "comm")).strip();
        if (kind.isJava() && !name.equals("java")) {
            throw new IOException(kind.label + ": process " + pid + " is " + name + ", not java");
        }
    }

    /** Returns the CPU time of the threads alive now: exact enough to see whether it is idle. */
    long cpuNanos() throws IOException {
        long sum = 0;
        try (var tasks = Files.list(Path.of("/proc", Long.toString(pid), "task"))) {
            for (Path task : tasks.toList()) {
                sum += taskCpuNanos(task);
            }
        }
        return sum;
    }

    private static long taskCpuNanos(Path task) throws IOException {
        try {
            return Long.parseLong(Files.readString(task.resolve("schedstat")).split(" ")[0]);
        } catch (NoSuchFileException e) {
            return 0; // this thread has just ended
        }
    }

    static List<Server> startAll(List<ServerKind> kinds, Programs programs, Children children)
            throws IOException, InterruptedException {
        var servers = new ArrayList<Server>();
        for (ServerKind kind : kinds) {
            servers.add(start(kind, programs, children));
        }
        return servers;
    }
}
