package dev.volokno.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.volokno.fiber.Fiber;
import dev.volokno.loop.Loop;
import dev.volokno.loop.Loops;
import dev.volokno.support.Bytes;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;

/** One port, served by several loops: each has a listener, and the kernel spreads connections. */
class ServeLoopsTest {
    private static final int LOOPS = 3;

    /** That one of three loops gets none of so many is less likely than a broken machine. */
    private static final int ENOUGH_FOR_ALL = 120;

    /** What serves one port, and how often each loop has. */
    private record Servers(
            List<TcpListener> listeners, List<Fiber<Void>> fibers, AtomicIntegerArray served) {
        static Servers on(Loops loops) throws Exception {
            var servers =
                    new Servers(
                            new ArrayList<>(), new ArrayList<>(), new AtomicIntegerArray(LOOPS));
            InetSocketAddress address = TcpPair.anyPort();
            for (Loop loop : loops.all()) {
                InetSocketAddress at = address;
                TcpListener listener = loop.submit(() -> TcpListener.bindShared(at)).join();
                address = listener.localAddress();
                servers.start(loop, listener);
            }
            return servers;
        }

        private void start(Loop loop, TcpListener listener) {
            int index = listeners.size();
            listeners.add(listener);
            fibers.add(
                    loop.submit(() -> {
                        listener.serve(connection -> {
                            served.incrementAndGet(index);
                            connection.transferTo(connection);
                        });
                    }));
        }

        InetSocketAddress address() throws IOException {
            return listeners.getFirst().localAddress();
        }
    }

    @EachConfiguration
    void everyLoopServesItsShareAndClosingTheListenersEndsThem(Configuration configuration)
            throws Exception {
        try (var loops = Loops.of(LOOPS, configuration.options())) {
            Servers servers = Servers.on(loops);
            configuration.run(() -> {
                for (int i = 0; i < ENOUGH_FOR_ALL; i++) {
                    try (var client = TcpSocket.connect(servers.address())) {
                        client.write(Bytes.of("hello"));
                        client.shutdownOutput();
                        assertThat(client.inputStream().readAllBytes())
                                .asString()
                                .isEqualTo("hello");
                    }
                }
            });
            int all = 0;
            for (int i = 0; i < LOOPS; i++) {
                assertThat(servers.served.get(i)).isPositive();
                all += servers.served.get(i);
            }
            assertThat(all).isEqualTo(ENOUGH_FOR_ALL);
            for (TcpListener listener : servers.listeners) {
                listener.close();
            }
            for (Fiber<Void> server : servers.fibers) {
                server.join();
            }
        }
    }

    @EachConfiguration
    void stoppingTheLoopsEndsEveryConnection(Configuration configuration) throws Exception {
        configuration.run(() -> {
            var clients = new ArrayList<TcpSocket>();
            try (var loops = Loops.of(LOOPS, configuration.options())) {
                Servers servers = Servers.on(loops);
                for (int i = 0; i < LOOPS * 4; i++) {
                    var client = TcpSocket.connect(servers.address());
                    client.write(Bytes.of("x"));
                    assertThat(Bytes.read(client)).isEqualTo("x");
                    clients.add(client);
                }
            }
            for (TcpSocket client : clients) {
                assertThat(Bytes.read(client)).isEqualTo("end");
                client.close();
            }
        });
    }
}
