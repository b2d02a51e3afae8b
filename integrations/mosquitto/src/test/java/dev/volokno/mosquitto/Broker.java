package dev.volokno.mosquitto;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** A real broker on a free port of this machine, which can be stopped, killed and paused. */
final class Broker implements AutoCloseable {
    private static final long PATIENCE_NANOS = 20_000_000_000L;

    private final Path folder;
    private final int port;
    private Process process;

    /** Starts one; {@code settings} are further lines of its configuration. */
    Broker(Path folder, String... settings) throws IOException {
        this.folder = Files.createDirectories(folder);
        try (var free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        Files.writeString(
                folder.resolve("broker.conf"),
                "listener "
                        + port
                        + " 127.0.0.1\n"
                        + "persistence true\npersistence_location "
                        + folder
                        + "/\n"
                        + "max_queued_messages 0\nlog_dest none\nuser root\nset_tcp_nodelay true\n"
                        + (String.join("\n", settings).contains("allow_anonymous")
                                ? ""
                                : "allow_anonymous true\n")
                        + String.join("\n", settings)
                        + "\n");
        start();
    }

    int port() {
        return port;
    }

    MosquittoOptions client() {
        return Mosquitto.broker("127.0.0.1", port)
                .pauses(java.time.Duration.ofMillis(20), java.time.Duration.ofMillis(100));
    }

    void start() throws IOException {
        String program =
                Stream.of("/usr/sbin/mosquitto", "/usr/bin/mosquitto")
                        .filter(path -> Files.isExecutable(Path.of(path)))
                        .findFirst()
                        .orElse("");
        assumeTrue(!program.isEmpty(), "needs mosquitto: apt-get install mosquitto");
        process =
                new ProcessBuilder(program, "-c", folder.resolve("broker.conf").toString())
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("broker.log").toFile())
                        .start();
        // Nothing of it stays open here that would look like something left behind.
        process.getOutputStream().close();
        process.getInputStream().close();
        process.getErrorStream().close();
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (!accepts()) {
            if (System.nanoTime() > deadline || !process.isAlive()) {
                throw new AssertionError(
                        "the broker does not start: "
                                + Files.readString(folder.resolve("broker.log")));
            }
            LockSupport.parkNanos(1_000_000);
        }
    }

    private boolean accepts() {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress("127.0.0.1", port), 1000);
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    /** In order: it writes down what it has. */
    void stop() throws IOException, InterruptedException {
        process.destroy();
        if (!process.waitFor(20, TimeUnit.SECONDS)) {
            throw new AssertionError("the broker does not stop");
        }
    }

    /** {@code STOP} or {@code CONT}. */
    void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
