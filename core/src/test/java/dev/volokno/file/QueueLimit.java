package dev.volokno.file;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** How many events the kernel keeps for watchers that are made now; as before when closed. */
final class QueueLimit implements AutoCloseable {
    private static final Path LIMIT = Path.of("/proc/sys/fs/inotify/max_queued_events");

    private final String before;
    private final int lowered;

    private QueueLimit(String before, int lowered) {
        this.before = before;
        this.lowered = lowered;
    }

    static QueueLimit lowered(int limit) throws IOException {
        assumeTrue(Files.isWritable(LIMIT), "needs to write " + LIMIT);
        String before = read();
        Files.writeString(LIMIT, Integer.toString(limit));
        return new QueueLimit(before, limit);
    }

    /**
     * In one go: the second read of such a file finds its end, and the JDK begins with one byte.
     */
    private static String read() throws IOException {
        try (var reader = Files.newBufferedReader(LIMIT)) {
            return reader.readLine();
        }
    }

    @Override
    public void close() throws IOException {
        Files.writeString(LIMIT, before);
    }

    @Override
    public String toString() {
        return "more than " + lowered;
    }
}
