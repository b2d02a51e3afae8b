package dev.volokno.net;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.volokno.support.ChildJava;
import dev.volokno.support.Waiting;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server that has fewer descriptors than clients. */
class ExhaustionTest {
    private static final int DESCRIPTORS = 64;
    private static final int CONNECTIONS = 2 * DESCRIPTORS;
    private static final int PATIENCE_MILLIS = 10_000;

    /** Answers one request on each connection, and counts them. */
    private static final String PROGRAM =
            """
            import dev.volokno.fiber.Fiber;
            import dev.volokno.loop.Loop;
            import dev.volokno.loop.LoopOptions;
            import dev.volokno.net.TcpListener;
            import dev.volokno.net.TcpSocket;
            import java.lang.management.ManagementFactory;
            import java.net.InetAddress;
            import java.net.InetSocketAddress;
            import java.nio.ByteBuffer;
            import java.time.Duration;

            class Program {
                public static void main(String[] arguments) throws Exception {
                    var options = arguments[0].equals("unconfined")
                            ? LoopOptions.unconfined()
                            : LoopOptions.defaults().withBackend(arguments[0]);
                    share(Duration.ZERO);
                    Loop.run(options, () -> {
                        var listener = TcpListener.bind(
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                        System.out.println(listener.localAddress().getPort());
                        for (int i = Integer.parseInt(arguments[1]); i > 0; i--) {
                            TcpSocket client = listener.accept();
                            Fiber.start(() -> serve(client));
                        }
                        listener.close();
                    });
                }

                static void serve(TcpSocket client) throws Exception {
                    var request = ByteBuffer.allocate(1);
                    client.readFully(request);
                    byte answer = request.get(0);
                    if (answer == 'm') {
                        answer = share(Duration.ofMillis(300));
                    }
                    client.write(ByteBuffer.wrap(new byte[] {answer}));
                    client.close();
                }

                /** The processor time that this process takes meanwhile, in percent. */
                static byte share(Duration window) {
                    var system = (com.sun.management.OperatingSystemMXBean)
                            ManagementFactory.getOperatingSystemMXBean();
                    long time = System.nanoTime();
                    long used = system.getProcessCpuTime();
                    if (window.isPositive()) {
                        Fiber.sleep(window);
                    }
                    used = system.getProcessCpuTime() - used;
                    time = System.nanoTime() - time;
                    return (byte) Math.min(100, used * 100 / time);
                }
            }
            """;

    @TempDir private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"io_uring", "epoll", "unconfined"})
    void itWaitsForDescriptorsWithoutASpinAndServesEveryConnection(String how) throws Exception {
        Process server =
                ChildJava.of(directory, PROGRAM)
                        .opened()
                        .descriptors(DESCRIPTORS)
                        .start(how, String.valueOf(CONNECTIONS));
        try (BufferedReader output = server.inputReader(UTF_8)) {
            List<Socket> clients = connect(Integer.parseInt(output.readLine()));
            Waiting.until(() -> !server.isAlive() || descriptors(server) == DESCRIPTORS);
            assertThat(answer(clients.getFirst(), 'm')).as("processor's share").isBetween(0, 50);
            for (Socket client : clients.subList(1, CONNECTIONS)) {
                assertThat(answer(client, 'x')).isEqualTo('x');
            }
            assertThat(output.lines()).isEmpty();
            assertThat(server.waitFor()).isZero();
        } finally {
            server.destroyForcibly();
        }
    }

    private static int descriptors(Process server) {
        String[] open = Path.of("/proc", String.valueOf(server.pid()), "fd").toFile().list();
        return open == null ? 0 : open.length;
    }

    private static List<Socket> connect(int port) throws IOException {
        var clients = new ArrayList<Socket>();
        for (int i = 0; i < CONNECTIONS; i++) {
            var client = new Socket(InetAddress.getLoopbackAddress(), port);
            client.setSoTimeout(PATIENCE_MILLIS);
            clients.add(client);
        }
        return clients;
    }

    private static int answer(Socket client, char request) throws IOException {
        try (client) {
            client.getOutputStream().write(request);
            return client.getInputStream().read();
        }
    }
}
