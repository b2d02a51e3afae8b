package dev.volokno.integration;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A PostgreSQL server of the test's own, in a temporary directory; gone when it is stopped. */
final class Cluster {
    private static final Path VERSIONS = Path.of("/usr/lib/postgresql");

    private final Path programs;
    private final Path directory;
    private final int port;

    private Cluster(Path programs, Path directory, int port) {
        this.programs = programs;
        this.directory = directory;
        this.port = port;
    }

    static Cluster start() throws Exception {
        assumeTrue(Files.isDirectory(VERSIONS), "needs PostgreSQL (apt-get install postgresql)");
        Path programs;
        try (Stream<Path> versions = Files.list(VERSIONS)) {
            programs = versions.max(Comparator.naturalOrder()).orElseThrow().resolve("bin");
        }
        int free;
        try (var socket = new ServerSocket(0)) {
            free = socket.getLocalPort();
        }
        var cluster = new Cluster(programs, Files.createTempDirectory("volokno-pg"), free);
        run("chown", "postgres", cluster.directory.toString());
        cluster.server("initdb", "-D", cluster.data(), "-A", "trust", "-N");
        cluster.begin();
        return cluster;
    }

    private void begin() throws Exception {
        String options =
                "-p "
                        + port
                        + " -k "
                        + directory
                        + " -c listen_addresses=127.0.0.1 -c max_connections=150 -c fsync=off";
        server("pg_ctl", "-D", data(), "-w", "-o", options, "-l", data() + "/log", "start");
    }

    private String data() {
        return directory.resolve("data").toString();
    }

    private void server(String program, String... arguments) throws Exception {
        List<String> line = new ArrayList<>(List.of("runuser", "-u", "postgres", "--"));
        line.add(programs.resolve(program).toString());
        line.addAll(List.of(arguments));
        run(line.toArray(String[]::new));
    }

    private static void run(String... line) throws IOException, InterruptedException {
        Path log = Files.createTempFile("volokno-pg", ".log");
        try {
            int status =
                    new ProcessBuilder(line)
                            .directory(Path.of("/").toFile())
                            .redirectErrorStream(true)
                            .redirectOutput(log.toFile())
                            .start()
                            .waitFor();
            if (status != 0) {
                throw new AssertionError(List.of(line) + ": " + Files.readString(log));
            }
        } finally {
            Files.delete(log);
        }
    }

    String url() {
        return "jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=postgres";
    }

    /** As libpq takes it, over TCP. */
    String conninfo() {
        return "host=127.0.0.1 port=" + port + " user=postgres dbname=postgres";
    }

    /** As libpq takes it, over the UNIX socket. */
    String localConninfo() {
        return "host=" + directory + " port=" + port + " user=postgres dbname=postgres";
    }

    int port() {
        return port;
    }

    /** Ends it at once, and all connections, and starts it again. */
    void restart() throws Exception {
        server("pg_ctl", "-D", data(), "-m", "immediate", "stop");
        begin();
    }

    /** Sends a signal to the server's first process, which takes connections. */
    void signal(String name) throws Exception {
        String process = Files.readAllLines(Path.of(data(), "postmaster.pid")).getFirst();
        run("kill", "-" + name, process);
    }

    String socket() {
        return directory.resolve(".s.PGSQL." + port).toString();
    }

    void stop() throws Exception {
        try {
            server("pg_ctl", "-D", data(), "-m", "immediate", "stop");
        } finally {
            run("rm", "-rf", directory.toString());
        }
    }
}
