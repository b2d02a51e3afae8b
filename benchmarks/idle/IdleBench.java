import dev.volokno.fiber.Fiber;
import dev.volokno.fiber.Scope;
import dev.volokno.loop.Loop;
import dev.volokno.net.ServeOptions;
import dev.volokno.net.TcpListener;
import dev.volokno.net.TcpSocket;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Many connections that are idle but for one message a second: {@code IdleBench [CONNECTIONS]
 * [SECONDS]}. The server is one loop in this process, the clients one loop in another; both need as
 * many descriptors as connections. Prints the heap per connection and the server's processor time.
 */
public final class IdleBench {
    private static final int MESSAGE = 16;
    private static final int MESSAGE_ROOM = 64;
    private static final int COLLECTIONS = 3;
    private static final int WARM_UP_ROUNDS = 1000;
    private static final int WARM_UP_CLIENTS = 20;
    private static final int WARM_UP_MESSAGES = 10;

    private IdleBench() {}

    public static void main(String[] args) throws Exception {
        if (args.length == 3) {
            Loop.run(() -> clients(Integer.parseInt(args[1]), Integer.parseInt(args[2])));
            return;
        }
        int count = args.length > 0 ? Integer.parseInt(args[0]) : 10_000;
        int seconds = args.length > 1 ? Integer.parseInt(args[1]) : 10;
        Loop.run(() -> measure(count, seconds));
    }

    private static void measure(int count, int seconds) throws Exception {
        var any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (var listener = TcpListener.bind(any)) {
            int[] open = {0};
            var options = ServeOptions.defaults().withLimit(count + 1);
            warmUp();
            long before = heap();
            var server =
                    Fiber.start(() ->
                            listener.serve(options, connection -> {
                                open[0]++;
                                echo(connection);
                            }));
            Process clients = clientProcess(listener.localAddress().getPort(), count);
            while (open[0] < count && clients.isAlive()) {
                Fiber.sleep(Duration.ofMillis(100));
            }
            long heap = heap() - before;
            long cpu = cpu();
            Fiber.sleep(Duration.ofSeconds(seconds));
            cpu = cpu() - cpu;
            System.out.printf(
                    "%s: %,d connections, %,d bytes of heap each, %.1f %% of a processor for %,d"
                            + " messages a second%n",
                    Loop.current().backend(),
                    open[0],
                    heap / Math.max(open[0], 1),
                    cpu / 1e7 / seconds,
                    open[0]);
            clients.destroy();
            clients.waitFor();
            server.cancel();
        }
    }

    /** A fiber that began in code that was not compiled yet keeps its large frames for life. */
    private static void warmUp() throws Exception {
        var any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (var listener = TcpListener.bind(any)) {
            var server = Fiber.start(() -> listener.serve(IdleBench::echo));
            for (int i = 0; i < WARM_UP_ROUNDS; i++) {
                Scope.run(scope -> {
                    for (int client = 0; client < WARM_UP_CLIENTS; client++) {
                        Fiber.start(() -> exchange(listener.localAddress()));
                    }
                    return true;
                });
            }
            server.cancel();
        }
    }

    private static void exchange(InetSocketAddress server) throws IOException {
        try (var connection = TcpSocket.connect(server)) {
            ByteBuffer message = ByteBuffer.allocate(MESSAGE);
            for (int i = 0; i < WARM_UP_MESSAGES; i++) {
                connection.write(message.clear());
                connection.readFully(message.clear());
            }
        }
    }

    private static void echo(TcpSocket connection) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(MESSAGE_ROOM);
        while (connection.read(buffer) >= 0) {
            connection.write(buffer.flip());
            buffer.clear();
        }
    }

    /** What is reachable; between two collections the JDK's cleaners need a moment. */
    private static long heap() {
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
            Fiber.sleep(Duration.ofMillis(200));
        }
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static long cpu() {
        var bean = ManagementFactory.getOperatingSystemMXBean();
        return ((com.sun.management.OperatingSystemMXBean) bean).getProcessCpuTime();
    }

    private static Process clientProcess(int port, int count) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElseThrow());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "IdleBench"));
        command.addAll(List.of("clients", Integer.toString(port), Integer.toString(count)));
        return new ProcessBuilder(command).inheritIO().start();
    }

    private static void clients(int port, int count) {
        var server = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        for (int i = 0; i < count; i++) {
            Fiber.start(() -> talk(server));
            if (i % 100 == 0) {
                Fiber.sleep(Duration.ofMillis(10));
            }
        }
    }

    private static void talk(InetSocketAddress server) throws IOException {
        try (var connection = TcpSocket.connect(server)) {
            ByteBuffer message = ByteBuffer.allocate(MESSAGE);
            while (true) {
                connection.write(message.clear());
                connection.readFully(message.clear());
                Fiber.sleep(Duration.ofSeconds(1));
            }
        }
    }
}
