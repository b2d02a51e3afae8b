package dev.volokno.file;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * How many events the kernel keeps for a watcher. It is the whole machine's limit, and looked at
 * when a watcher is made: so it is lowered for the time of that alone, and nobody is left with it
 * who is killed later.
 */
enum QueueLimit {
    INOTIFY,
    FANOTIFY;

    private static final Path LOCK =
            Path.of(System.getProperty("java.io.tmpdir"), "volokno-test-queue-limit");

    /** Makes a watcher. */
    @FunctionalInterface
    interface Opening<W> {
        W open() throws IOException;
    }

    /** Makes a watcher that the kernel keeps no more than {@code most} events for. */
    <W> W lowered(int most, Opening<W> opening) throws IOException {
        Path limit = Path.of("/proc/sys/fs/" + name().toLowerCase() + "/max_queued_events");
        assumeTrue(Files.isWritable(limit), "needs to write " + limit);
        // One at a time, also of several test runs: the second would take 64 for what it was.
        try (var channel =
                        FileChannel.open(
                                LOCK, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                var _ = channel.lock()) {
            String before = read(limit);
            Files.writeString(limit, Integer.toString(most));
            try {
                return opening.open();
            } finally {
                Files.writeString(limit, before);
            }
        }
    }

    /**
     * In one go: the second read of such a file finds its end, and the JDK begins with one byte.
     */
    private static String read(Path limit) throws IOException {
        try (var reader = Files.newBufferedReader(limit)) {
            return reader.readLine();
        }
    }
}
