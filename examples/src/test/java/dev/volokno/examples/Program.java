package dev.volokno.examples;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A program that runs beside the test, and what it has said; it does not outlive the test. */
final class Program implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 120;

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    private static final String MODULES =
            Stream.of(
                            "core",
                            "integrations/cares",
                            "integrations/curl",
                            "integrations/libpq",
                            "integrations/mosquitto")
                    .map(module -> ROOT.resolve(module + "/target/classes").toString())
                    .collect(Collectors.joining(":"));

    private final Process process;
    private final BufferedReader output;
    private final List<String> said = new ArrayList<>();

    private Program(ProcessBuilder builder) throws IOException {
        process = builder.redirectErrorStream(true).start();
        output = process.inputReader();
        // Whoever waits for a line of a program that says nothing learns what it has said.
        CompletableFuture.delayedExecutor(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .execute(process::destroyForcibly);
    }

    static Program start(Path folder, String... command) throws IOException {
        return new Program(new ProcessBuilder(command).directory(folder.toFile()));
    }

    /** Starts an example as the launcher does, from the classes the build has made. */
    static Program example(Path folder, String... nameAndArguments) throws IOException {
        return start(folder, commandOf(nameAndArguments).toArray(String[]::new));
    }

    /** What the launcher runs for an example. */
    static List<String> commandOf(String... nameAndArguments) {
        var command =
                new ArrayList<>(
                        List.of(
                                // A shell that runs the tests in the background has it ignored.
                                "env",
                                "--default-signal=INT",
                                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                                "--module-path",
                                MODULES,
                                "--add-modules=dev.volokno,dev.volokno.cares,dev.volokno.curl,"
                                        + "dev.volokno.libpq,dev.volokno.mosquitto",
                                "--add-opens=java.base/java.lang=dev.volokno",
                                "--enable-native-access=dev.volokno",
                                "-XX:+UseSerialGC",
                                "-cp",
                                ROOT.resolve("examples/target/classes").toString()));
        command.addAll(List.of(nameAndArguments));
        return command;
    }

    /** Reads on until it says something like this. */
    String awaitLine(Predicate<String> wanted) throws IOException {
        String line = output.readLine();
        while (line != null) {
            said.add(line);
            if (wanted.test(line)) {
                return line;
            }
            line = output.readLine();
        }
        throw new AssertionError("it ended, and has said only " + said);
    }

    String awaitLine(String part) throws IOException {
        return awaitLine(line -> line.contains(part));
    }

    /** All that it says until it ends. */
    List<String> allLines() {
        return output.lines().toList();
    }

    /** Sends a signal, {@code INT} as Ctrl-C does; its output can still be read. */
    void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
    }

    int exitStatus() throws InterruptedException {
        if (!process.waitFor(20, TimeUnit.SECONDS)) {
            throw new AssertionError("it does not end, and has said " + said);
        }
        return process.exitValue();
    }

    /** As a cable that is pulled: without a word. */
    void kill() {
        process.destroyForcibly().onExit().join();
    }

    @Override
    public void close() {
        kill();
    }
}
