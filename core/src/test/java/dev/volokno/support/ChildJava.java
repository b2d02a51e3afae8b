package dev.volokno.support;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.volokno.loop.Loop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/**
 * A program that has the library on its class path, in a Java of its own. The library is in a jar,
 * so that classes can be loaded when no descriptor is left.
 */
public final class ChildJava {
    private static final String OPENED = "--add-opens=java.base/java.lang=ALL-UNNAMED";

    private final List<String> command = new ArrayList<>();
    private final List<String> limits = new ArrayList<>();
    private final Path source;

    private ChildJava(Path source) {
        this.source = source;
        command.addAll(List.of(java(), "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
        command.add("--enable-native-access=ALL-UNNAMED");
    }

    /** The program whose one source file this is; it is kept in {@code directory}. */
    public static ChildJava of(Path directory, String program) throws IOException {
        return new ChildJava(Files.writeString(directory.resolve("Program.java"), program));
    }

    /** With the flag that confined loops need. */
    public ChildJava opened() {
        return with(OPENED);
    }

    public ChildJava with(String option) {
        command.add(option);
        return this;
    }

    /** No descriptor's number will be {@code count} or more. */
    public ChildJava descriptors(int count) {
        limits.addAll(List.of("prlimit", "--nofile=" + count));
        return this;
    }

    /** It works in this directory. */
    public ChildJava in(Path folder) {
        limits.addAll(List.of("env", "--chdir=" + folder));
        return this;
    }

    /** Another program starts it: a tracer, a terminal. */
    public ChildJava under(String... program) {
        limits.addAll(List.of(program));
        return this;
    }

    /** As nobody: no capability, and no file of anybody's. */
    public ChildJava unprivileged() {
        limits.addAll(List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"));
        return this;
    }

    /** Starts it, with its errors among its output. */
    public Process start(String... arguments) throws Exception {
        List<String> line = new ArrayList<>(limits);
        line.addAll(command);
        line.addAll(List.of("-cp", jar(), source.toString()));
        line.addAll(List.of(arguments));
        var builder = new ProcessBuilder(line).redirectErrorStream(true);
        builder.environment().remove("JDK_JAVA_OPTIONS");
        return builder.start();
    }

    /** Runs it to its end: all it has printed. */
    public String run(String... arguments) throws Exception {
        Process child = start(arguments);
        child.getOutputStream().close();
        var output = new String(child.getInputStream().readAllBytes(), UTF_8);
        child.waitFor();
        return output;
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    private String jar() throws Exception {
        var location = Loop.class.getProtectionDomain().getCodeSource().getLocation();
        Path classes = Path.of(location.toURI());
        Path jar = source.resolveSibling("core.jar");
        try (var archive = new JarOutputStream(Files.newOutputStream(jar));
                Stream<Path> tree = Files.walk(classes)) {
            for (Path file : tree.filter(Files::isRegularFile).toList()) {
                archive.putNextEntry(new JarEntry(classes.relativize(file).toString()));
                Files.copy(file, archive);
            }
        }
        return jar.toString();
    }
}
