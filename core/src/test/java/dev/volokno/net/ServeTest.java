package dev.volokno.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.volokno.fiber.Fiber;
import dev.volokno.loop.Loops;
import dev.volokno.support.Bytes;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
import dev.volokno.support.EachLoop;
import dev.volokno.support.Waiting;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A fiber for each connection. */
class ServeTest {
    private static void echo(TcpSocket connection) throws IOException {
        connection.transferTo(connection);
    }

    private static void assertEchoes(InetSocketAddress address) throws IOException {
        try (var client = TcpSocket.connect(address)) {
            client.write(Bytes.of("hello"));
            client.shutdownOutput();
            assertThat(client.inputStream().readAllBytes()).asString().isEqualTo("hello");
        }
    }

    @EachLoop
    void eachConnectionIsServedAndClosedAfterwards(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (var listener = TcpListener.bind(TcpPair.anyPort())) {
                var served = new CopyOnWriteArrayList<TcpSocket>();
                var server =
                        Fiber.start(() ->
                                listener.serve(connection -> {
                                    served.add(connection);
                                    echo(connection);
                                }));
                for (int i = 0; i < 20; i++) {
                    assertEchoes(listener.localAddress());
                }
                server.cancel();
                assertThatThrownBy(server::join).isInstanceOf(CancellationException.class);
                assertThat(served).hasSize(20).noneMatch(TcpSocket::isOpen);
            }
        });
    }

    @EachLoop
    void cancellingEndsTheServicesAndClosesTheirConnections(Configuration configuration)
            throws Exception {
        configuration.run(() -> {
            try (var listener = TcpListener.bind(TcpPair.anyPort());
                    var idle = TcpSocket.connect(listener.localAddress())) {
                var begun = new AtomicInteger();
                var server =
                        Fiber.start(() ->
                                listener.serve(connection -> {
                                    begun.incrementAndGet();
                                    echo(connection);
                                }));
                Waiting.until(() -> begun.get() == 1);
                server.cancel();
                assertThatThrownBy(server::join).isInstanceOf(CancellationException.class);
                assertThat(Bytes.read(idle)).isEqualTo("end");
            }
        });
    }

    @EachLoop
    void aConnectionIsClosedAlsoIfItIsCancelledBeforeItsServiceBegan(Configuration configuration)
            throws Exception {
        configuration.run(() -> {
            try (var listener = TcpListener.bind(TcpPair.anyPort())) {
                for (int i = 0; i < 30; i++) {
                    var server = Fiber.start(() -> listener.serve(ServeTest::echo));
                    try (var client = TcpSocket.connect(listener.localAddress())) {
                        for (int yields = 0; yields < i; yields++) {
                            Fiber.yield();
                        }
                        server.cancel();
                        assertThatThrownBy(server::join).isInstanceOf(CancellationException.class);
                        assertThat(client.isOpen()).isTrue();
                    }
                }
            }
        });
    }

    @EachLoop
    void closingTheListenerLetsTheServicesComeToTheirEnd(Configuration configuration)
            throws Exception {
        configuration.run(() -> {
            var listener = TcpListener.bind(TcpPair.anyPort());
            try (var client = TcpSocket.connect(listener.localAddress())) {
                var begun = new AtomicInteger();
                var server =
                        Fiber.start(() ->
                                listener.serve(connection -> {
                                    begun.incrementAndGet();
                                    echo(connection);
                                }));
                Waiting.until(() -> begun.get() == 1);
                listener.close();
                client.write(Bytes.of("still served"));
                ByteBuffer target = ByteBuffer.allocate(12);
                client.readFully(target);
                assertThat(Bytes.text(target)).isEqualTo("still served");
                client.shutdownOutput();
                server.join();
            }
        });
    }

    @EachLoop
    void aFailureGoesToTheHandlerAndEndsNoOther(Configuration configuration) throws Exception {
        configuration.run(() -> {
            var failures = new CopyOnWriteArrayList<Throwable>();
            var options = ServeOptions.defaults().withFailureHandler(failures::add);
            try (var listener = TcpListener.bind(TcpPair.anyPort())) {
                var first = new AtomicInteger();
                var server =
                        Fiber.start(() ->
                                listener.serve(
                                        options,
                                        connection -> {
                                            if (first.incrementAndGet() == 1) {
                                                throw new IllegalStateException("on purpose");
                                            }
                                            echo(connection);
                                        }));
                try (var failing = TcpSocket.connect(listener.localAddress())) {
                    assertThat(Bytes.read(failing)).isEqualTo("end");
                }
                assertEchoes(listener.localAddress());
                server.cancel();
                assertThatThrownBy(server::join).isInstanceOf(CancellationException.class);
            }
            assertThat(failures).hasSize(1);
            assertThat(failures.getFirst()).hasMessage("on purpose");
        });
    }

    @EachLoop
    void noMoreThanTheLimitAreServedAndTheOthersWait(Configuration configuration) throws Exception {
        configuration.run(() -> {
            var options = ServeOptions.defaults().withLimit(2);
            try (var listener = TcpListener.bind(TcpPair.anyPort())) {
                var now = new AtomicInteger();
                var most = new AtomicInteger();
                var server =
                        Fiber.start(() ->
                                listener.serve(
                                        options,
                                        connection -> {
                                            most.accumulateAndGet(now.incrementAndGet(), Math::max);
                                            echo(connection);
                                            now.decrementAndGet();
                                        }));
                List<TcpSocket> clients = new ArrayList<>();
                for (int i = 0; i < 7; i++) {
                    var client = TcpSocket.connect(listener.localAddress());
                    client.write(Bytes.of("x"));
                    clients.add(client);
                }
                for (int i = 0; i < clients.size(); i++) {
                    if (i >= 2) {
                        clients.get(i - 2).close();
                    }
                    assertThat(Bytes.read(clients.get(i))).isEqualTo("x");
                }
                // Two had their answers and were open, more than two never were.
                assertThat(most).hasValue(2);
                for (TcpSocket client : clients) {
                    client.close();
                }
                server.cancel();
                assertThatThrownBy(server::join).isInstanceOf(CancellationException.class);
            }
        });
    }

    @EachConfiguration
    void aConnectionThatIsOverIsLetGo(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (var listener = TcpListener.bind(TcpPair.anyPort())) {
                var served = new CopyOnWriteArrayList<WeakReference<TcpSocket>>();
                var server =
                        Fiber.start(() ->
                                listener.serve(connection -> {
                                    served.add(new WeakReference<>(connection));
                                    echo(connection);
                                }));
                for (int i = 0; i < 5; i++) {
                    assertEchoes(listener.localAddress());
                }
                for (int i = 0; i < 50 && !allGone(served); i++) {
                    System.gc();
                    Fiber.yield();
                }
                assertThat(served).hasSize(5);
                assertThat(allGone(served)).as("nothing holds them").isTrue();
                server.cancel();
                assertThatThrownBy(server::join).isInstanceOf(CancellationException.class);
            }
        });
    }

    private static boolean allGone(List<WeakReference<TcpSocket>> sockets) {
        return sockets.stream().allMatch(socket -> socket.refersTo(null));
    }

    @EachConfiguration
    void connectionsAreHandedOverToOtherLoops(Configuration configuration) throws Exception {
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        try (var loops = Loops.of(2, configuration.options())) {
            configuration.run(() -> {
                try (var listener = TcpListener.bind(TcpPair.anyPort())) {
                    var server =
                            Fiber.start(() -> {
                                while (true) {
                                    var connection = listener.accept();
                                    var loop = loops.next();
                                    connection.fd().moveTo(loop);
                                    loop.submit(() -> {
                                        threads.add(Thread.currentThread());
                                        try (connection) {
                                            echo(connection);
                                        }
                                    });
                                }
                            });
                    for (int i = 0; i < 6; i++) {
                        assertEchoes(listener.localAddress());
                    }
                    server.cancel();
                    assertThatThrownBy(server::join).isInstanceOf(CancellationException.class);
                }
            });
        }
        assertThat(threads).hasSize(6);
    }
}
