package dev.volokno.support;

import static org.assertj.core.api.Assertions.assertThat;

import dev.volokno.loop.Loop;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * After each test there are as many descriptors as before, no thread of a loop's and no worker of
 * the kernel's.
 */
public final class LeakCheck implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback {
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
    private static final Path THREADS = Path.of("/proc/self/task");

    /** The kernel and the JDK end threads and sockets a moment after they were told to. */
    private static final long PATIENCE_NANOS = 10_000_000_000L;

    private Map<String, String> before = Map.of();

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        // The JDK's pollers are there for good once there, so they come before the first count.
        Loop.run(() -> {});
        // So is the socket that it puts in the place of one that is being closed.
        new ServerSocket(0).close();
    }

    @Override
    public void beforeEach(ExtensionContext context) throws IOException {
        before = descriptors();
    }

    @Override
    public void afterEach(ExtensionContext context) throws IOException {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (!clean() && System.nanoTime() < deadline) {
            LockSupport.parkNanos(1_000_000);
        }
        assertThat(descriptors()).as("open descriptors").isEqualTo(before);
        assertThat(ourThreads()).as("threads left behind").isZero();
    }

    private boolean clean() throws IOException {
        return descriptors().equals(before) && ourThreads() == 0;
    }

    private static long ourThreads() throws IOException {
        try (Stream<Path> tasks = Files.list(THREADS)) {
            return tasks.map(task -> read(task.resolve("comm")))
                    .filter(name -> name.startsWith("iou-wrk") || name.startsWith("volokno-loop"))
                    .count();
        }
    }

    /**
     * What is open, but for files and random numbers: the JDK's class loader and its temporary
     * files open them when they like.
     */
    private static Map<String, String> descriptors() throws IOException {
        var open = new TreeMap<String, String>();
        try (Stream<Path> numbers = Files.list(DESCRIPTORS)) {
            for (Path number : numbers.toList()) {
                String target = target(number);
                boolean device = target.startsWith("/dev/") && !target.endsWith("random");
                if (!target.startsWith("/") || device) {
                    open.put(number.getFileName().toString(), target);
                }
            }
        }
        return open;
    }

    private static String target(Path number) throws IOException {
        try {
            return Files.readSymbolicLink(number).toString();
        } catch (NoSuchFileException closedMeanwhile) {
            return "/";
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException endedMeanwhile) {
            return "";
        }
    }
}
