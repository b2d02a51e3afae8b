package dev.volokno.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.volokno.fiber.Fiber;
import dev.volokno.support.Bytes;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
import dev.volokno.support.Waiting;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.io.TempDir;

/** Sockets of the JDK over ours. */
class JdkBridgeTest {
    /** What to do with two ends. */
    private interface Body {
        void run(Socket client, Socket server) throws Exception;
    }

    private static void connected(Configuration configuration, Body body) throws Exception {
        configuration.run(() -> {
            try (ServerSocket listener =
                            new TcpServerSocketFactory()
                                    .createServerSocket(0, 5, InetAddress.getLoopbackAddress());
                    Socket client =
                            new TcpSocketFactory()
                                    .createSocket("localhost", listener.getLocalPort());
                    Socket server = listener.accept()) {
                body.run(client, server);
            }
        });
    }

    private static void assertTalk(Socket from, Socket to, String text) throws IOException {
        from.getOutputStream().write(text.getBytes());
        assertThat(to.getInputStream().readNBytes(text.length())).asString().isEqualTo(text);
    }

    @EachConfiguration
    void theyTalkAndKnowTheirAddresses(Configuration configuration) throws Exception {
        connected(
                configuration,
                (client, server) -> {
                    assertTalk(client, server, "question");
                    assertTalk(server, client, "answer");
                    assertThat(client.isConnected() && server.isConnected()).isTrue();
                    assertThat(client.getPort()).isEqualTo(server.getLocalPort());
                    assertThat(server.getRemoteSocketAddress())
                            .isEqualTo(
                                    new InetSocketAddress(
                                            InetAddress.getLoopbackAddress(),
                                            client.getLocalPort()));
                    client.getOutputStream().write(new byte[5]);
                    server.getInputStream().read();
                    assertThat(server.getInputStream().available()).isEqualTo(4);
                    client.shutdownOutput();
                    assertThat(server.getInputStream().readAllBytes()).hasSize(4);
                });
    }

    @EachConfiguration
    void aReadThatIsOutOfTimeLeavesTheSocketUsable(Configuration configuration) throws Exception {
        connected(
                configuration,
                (client, server) -> {
                    client.setSoTimeout(2);
                    for (int i = 0; i < 2; i++) {
                        assertThatThrownBy(() -> client.getInputStream().read())
                                .isInstanceOf(SocketTimeoutException.class);
                    }
                    client.setSoTimeout(0);
                    assertTalk(server, client, "late");
                });
    }

    @EachConfiguration
    void whoReadsParksAndIsToldOfTheClose(Configuration configuration) throws Exception {
        connected(
                configuration,
                (client, server) -> {
                    var reader =
                            Waiting.untilParked(
                                    Fiber.start(() ->
                                            assertThatThrownBy(() -> client.getInputStream().read())
                                                    .isInstanceOf(SocketException.class)
                                                    .hasMessage("Socket closed")));
                    client.close();
                    reader.join();
                    assertThat(server.getInputStream().read()).isEqualTo(-1);
                    assertThatThrownBy(() -> client.getOutputStream().write(1))
                            .isInstanceOf(SocketException.class);
                });
    }

    @EachConfiguration
    void aCancelledReaderLeavesTheSocketOpen(Configuration configuration) throws Exception {
        connected(
                configuration,
                (client, server) -> {
                    var reader =
                            Waiting.untilParked(Fiber.start(() -> client.getInputStream().read()));
                    reader.cancel();
                    assertThatThrownBy(reader::join).isInstanceOf(CancellationException.class);
                    assertTalk(server, client, "still open");
                });
    }

    @EachConfiguration
    void optionsAreTheSockets(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (var listener = TcpListener.bind(TcpPair.anyPort());
                    Socket socket = new TcpSocketFactory().createSocket()) {
                socket.setTcpNoDelay(false);
                socket.setKeepAlive(true);
                socket.setSoLinger(true, 3);
                socket.bind(new InetSocketAddress("127.0.0.3", 0));
                socket.connect(listener.localAddress(), 1000);
                assertThat(socket.getTcpNoDelay()).isFalse();
                assertThat(socket.getKeepAlive()).isTrue();
                assertThat(socket.getSoLinger()).isEqualTo(3);
                assertThat(socket.getOption(StandardSocketOptions.SO_KEEPALIVE)).isTrue();
                socket.setSoLinger(false, 0);
                assertThat(socket.getSoLinger()).isEqualTo(-1);
                assertThat(socket.getLocalAddress().getHostAddress()).isEqualTo("127.0.0.3");
                listener.accept().close();
            }
        });
    }

    @EachConfiguration
    void aServerThatIsOutOfTimeAcceptsLater(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (ServerSocket listener = new TcpServerSocketFactory().createServerSocket(0)) {
                listener.setSoTimeout(2);
                assertThatThrownBy(listener::accept).isInstanceOf(SocketTimeoutException.class);
                listener.setSoTimeout(0);
                try (Socket client =
                                new TcpSocketFactory()
                                        .createSocket(
                                                InetAddress.getLoopbackAddress(),
                                                listener.getLocalPort());
                        Socket server = listener.accept()) {
                    assertTalk(client, server, "hello");
                }
            }
        });
    }

    @EachConfiguration
    void aPlainThreadUsesAFactoryThatWasMadeInALoop(Configuration configuration) throws Exception {
        configuration.run(() -> {
            var factory = new TcpSocketFactory();
            try (var listener = TcpListener.bind(TcpPair.anyPort())) {
                InetSocketAddress address = listener.localAddress();
                var answer = new CompletableFuture<Integer>();
                Thread.ofPlatform()
                        .start(() -> {
                            try (Socket socket =
                                    factory.createSocket(address.getAddress(), address.getPort())) {
                                answer.complete(socket.getInputStream().read());
                            } catch (IOException e) {
                                answer.completeExceptionally(e);
                            }
                        });
                try (var server = listener.accept(Duration.ofSeconds(10))) {
                    server.write(Bytes.of("!"));
                    assertThat(answer.get()).isEqualTo('!');
                }
            }
        });
    }

    @EachConfiguration
    void aUnixSocketServesWhoKnowsOnlyHostsAndPorts(Configuration configuration, @TempDir Path dir)
            throws Exception {
        configuration.run(() -> {
            Path path = dir.resolve("socket");
            try (var listener = UnixListener.bind(path)) {
                var server = Fiber.start(() -> listener.serve(c -> c.transferTo(c)));
                try (Socket socket =
                        new UnixSocketFactory(path.toString()).createSocket("anywhere", 1)) {
                    socket.setTcpNoDelay(true);
                    assertTalk(socket, socket, "echo");
                }
                server.cancel();
                assertThatThrownBy(server::join).isInstanceOf(CancellationException.class);
            }
        });
    }
}
