import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.spi.ToolProvider;

/** Where the programs of the benchmark are, how they are built and how they are started. */
record Programs(Path home, Path java) {
    private static final String COLLECTOR = "-XX:+UseSerialGC";
    private static final String ANY_PORT = "0";

    static Programs locate() {
        String home = System.getenv("VOLOKNO_HOME");
        String java = System.getenv("JAVA");
        String thisJava = System.getProperty("java.home") + "/bin/java";
        return new Programs(
                home != null ? Path.of(home) : homeOfThisSource(),
                Path.of(java != null ? java : thisJava));
    }

    private static Path homeOfThisSource() {
        // The source launcher names the file it was given: HOME/benchmarks/echo/EchoBench.java.
        String source = System.getProperty("jdk.launcher.sourcefile");
        if (source == null) {
            throw new IllegalArgumentException("VOLOKNO_HOME is not set");
        }
        return Path.of(source).toAbsolutePath().normalize().resolve("../../..").normalize();
    }

    Path target() {
        return home.resolve("benchmarks/target/echo");
    }

    private Path source(String name) {
        return home.resolve("benchmarks/echo").resolve(name);
    }

    void build() throws IOException, InterruptedException {
        Files.createDirectories(target());
        compileC("echo_server");
        compileC("echo_load");
        compileJdkServer();
    }

    private void compileC(String name) throws IOException, InterruptedException {
        var gcc =
                new ProcessBuilder(
                        "gcc",
                        "-O2",
                        "-std=gnu11",
                        "-Wall",
                        "-Wextra",
                        "-o",
                        target().resolve(name).toString(),
                        source(name + ".c").toString());
        if (gcc.inheritIO().start().waitFor() != 0) {
            throw new IOException("gcc could not compile " + name + ".c");
        }
    }

    // Compiled ahead: run from source, the server would carry a compiler's classes and profiles.
    private void compileJdkServer() throws IOException {
        int status =
                ToolProvider.findFirst("javac")
                        .orElseThrow()
                        .run(
                                System.out,
                                System.err,
                                "-d",
                                target().toString(),
                                source("JdkEchoServer.java").toString());
        if (status != 0) {
            throw new IOException("javac could not compile JdkEchoServer.java");
        }
    }

    List<String> serverCommand(ServerKind kind) {
        return switch (kind) {
            case C -> List.of(target().resolve("echo_server").toString(), ANY_PORT);
            case URING, EPOLL, UNCONFINED ->
                    List.of(home.resolve("volokno").toString(), "run", "EchoServer", ANY_PORT);
            case JDK ->
                    List.of(
                            java.toString(),
                            COLLECTOR,
                            "-cp",
                            target().toString(),
                            "JdkEchoServer",
                            ANY_PORT);
        };
    }

    /** Returns the options that the launcher hands to the JVM of a Volokno server. */
    static String launcherJavaOptions(ServerKind kind) {
        return COLLECTOR + " " + kind.loopOption;
    }

    List<String> loadCommand(Server server, LoadPlan plan) {
        return List.of(
                target().resolve("echo_load").toString(),
                "127.0.0.1",
                Integer.toString(server.port()),
                Integer.toString(plan.connections()),
                Integer.toString(plan.bytes()),
                Double.toString(plan.seconds()),
                Double.toString(plan.warmup()),
                "--pid",
                Long.toString(server.pid()));
    }
}
