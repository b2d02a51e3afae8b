package dev.volokno.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.volokno.DeadlineException;
import dev.volokno.fiber.Deadline;
import dev.volokno.fiber.Fiber;
import dev.volokno.support.Bytes;
import dev.volokno.support.Configuration;
import dev.volokno.support.Network;
import dev.volokno.support.Waiting;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Two machines, as it were, and what happens on the cable between them. */
@Timeout(60)
class NetworkTest {
    private static final int PORT = 4000;
    private static final int SIZE = 3_000_000;
    private static final InetSocketAddress SERVER =
            new InetSocketAddress(InetAddress.ofLiteral(Network.RIGHT), PORT);

    private static final Duration SHORT = Duration.ofMillis(50);

    private interface Serving {
        void serve(TcpSocket client) throws Exception;
    }

    private interface Client {
        void run(Network network) throws Exception;
    }

    /** Runs a server of one connection on the right, and {@code client} in a loop on the left. */
    private static void run(Configuration configuration, Serving serving, Client client)
            throws Exception {
        try (var network = Network.open()) {
            var listens = new CountDownLatch(1);
            var server =
                    network.onRight(() ->
                            configuration.run(() -> {
                                var any = new InetSocketAddress(InetAddress.ofLiteral("::"), PORT);
                                try (var listener = TcpListener.bind(any)) {
                                    listens.countDown();
                                    try (var accepted = listener.accept()) {
                                        serving.serve(accepted);
                                    }
                                }
                            }));
            listens.await();
            network.onLeft(() -> configuration.run(() -> client.run(network)));
            server.join();
        }
    }

    /** Sends the pattern when asked to, and ends. */
    private static void sendPattern(TcpSocket client) throws IOException {
        client.readFully(ByteBuffer.allocate(1));
        client.write(ByteBuffer.wrap(Bytes.pattern(SIZE)));
    }

    /** Sends back all that comes, once that has ended. */
    private static void echoAtEnd(TcpSocket client) throws IOException {
        byte[] all = client.inputStream().readAllBytes();
        client.write(ByteBuffer.wrap(all));
    }

    private static void assertPattern(ByteBuffer received) {
        assertThat(received.flip()).isEqualTo(ByteBuffer.wrap(Bytes.pattern(SIZE)));
    }

    @ParameterizedTest
    @EnumSource(names = {"IO_URING", "EPOLL"})
    void aTransferGoesOnWhenTheLinkThatWentDownIsBack(Configuration configuration)
            throws Exception {
        run(
                configuration,
                NetworkTest::sendPattern,
                network -> {
                    try (var socket = TcpSocket.connect(SERVER)) {
                        ByteBuffer received = ByteBuffer.allocateDirect(SIZE);
                        socket.write(Bytes.of("!"));
                        socket.readFully(received.limit(1000));
                        network.ipRight("link set cable down");
                        received.limit(SIZE);
                        assertThatThrownBy(() ->
                                        Deadline.within(
                                                Duration.ofMillis(50),
                                                () -> socket.readFully(received)))
                                .isInstanceOf(DeadlineException.class);
                        network.ipRight("link set cable up");
                        socket.readFully(received);
                        assertPattern(received);
                    }
                });
    }

    @ParameterizedTest
    @EnumSource(names = {"IO_URING", "EPOLL"})
    void aTransferGoesOnWhenPacketsHaveToBecomeSmaller(Configuration configuration)
            throws Exception {
        run(
                configuration,
                NetworkTest::sendPattern,
                network -> {
                    try (var socket = TcpSocket.connect(SERVER)) {
                        ByteBuffer received = ByteBuffer.allocateDirect(SIZE);
                        socket.write(Bytes.of("!"));
                        socket.readFully(received.limit(1000));
                        network.ipLeft("link set cable mtu 1300");
                        network.ipRight("link set cable mtu 1300");
                        socket.readFully(received.limit(SIZE));
                        assertPattern(received);
                    }
                });
    }

    @ParameterizedTest
    @EnumSource(names = {"IO_URING", "EPOLL"})
    void oneDirectionEndsAndTheOtherGoesOnAlthoughTheLinkWasDownMeanwhile(
            Configuration configuration) throws Exception {
        run(
                configuration,
                NetworkTest::echoAtEnd,
                network -> {
                    try (var socket = TcpSocket.connect(SERVER)) {
                        network.ipRight("link set cable down");
                        var writer =
                                Fiber.start(() -> {
                                    socket.write(ByteBuffer.wrap(Bytes.pattern(SIZE)));
                                    socket.shutdownOutput();
                                });
                        ByteBuffer received = ByteBuffer.allocateDirect(SIZE);
                        var reader =
                                Waiting.untilParked(Fiber.start(() -> socket.readFully(received)));
                        network.ipRight("link set cable up");
                        writer.join();
                        reader.join();
                        assertPattern(received);
                        assertThat(Bytes.read(socket)).isEqualTo("end");
                    }
                });
    }

    @ParameterizedTest
    @EnumSource(names = {"IO_URING", "EPOLL"})
    void aBlackHoleEndsWithTheDeadlineAndNoRouteIsToldAtOnce(Configuration configuration)
            throws Exception {
        try (var network = Network.open()) {
            network.ipLeft("route add unreachable 198.51.100.0/24");
            network.onLeft(() ->
                    configuration.run(() -> {
                        assertThatThrownBy(() ->
                                        TcpSocket.connect(
                                                Network.BLACK_HOLE, PORT, Duration.ofMillis(50)))
                                .isInstanceOf(DeadlineException.class);
                        assertThatThrownBy(() -> TcpSocket.connect("198.51.100.1", PORT))
                                .isInstanceOf(NoRouteToHostException.class);
                    }));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"IO_URING", "EPOLL"})
    void aNameWithABlackHoleIsConnectedToByItsOtherFamily(Configuration configuration)
            throws Exception {
        Resolver both =
                name ->
                        List.of(
                                InetAddress.ofLiteral(Network.BLACK_HOLE),
                                InetAddress.ofLiteral("2001:db8::2"));
        run(
                configuration,
                NetworkTest::sendPattern,
                network -> {
                    try (var socket = TcpSocket.connect("name", PORT, both)) {
                        assertThat(socket.remoteAddress().getAddress())
                                .isEqualTo(InetAddress.ofLiteral("2001:db8::2"));
                        socket.write(Bytes.of("!"));
                        ByteBuffer received = ByteBuffer.allocateDirect(SIZE);
                        socket.readFully(received);
                        assertPattern(received);
                    }
                });
    }

    @ParameterizedTest
    @EnumSource(names = {"IO_URING", "EPOLL"})
    void aPeerThatVanishedIsNoticedByTheTimeThatItsSilenceMayLast(Configuration configuration)
            throws Exception {
        var over = new CountDownLatch(1);
        run(
                configuration,
                client -> {
                    while (over.getCount() > 0) {
                        Fiber.sleep(Duration.ofMillis(5));
                    }
                },
                network -> {
                    try (var socket = TcpSocket.connect(SERVER)) {
                        socket.set(TcpOption.USER_TIMEOUT, Duration.ofMillis(300));
                        network.ipRight("link set cable down");
                        socket.write(Bytes.of("lost"));
                        assertThatThrownBy(() -> socket.read(ByteBuffer.allocate(1)))
                                .isInstanceOf(IOException.class)
                                .hasMessageMatching("(?s).*(ETIMEDOUT|EHOSTUNREACH).*");
                    } finally {
                        over.countDown();
                    }
                });
    }

    @ParameterizedTest
    @EnumSource(names = {"IO_URING", "EPOLL"})
    void aDatagramThatAnotherMachineRefusesIsToldWithItsName(Configuration configuration)
            throws Exception {
        try (var network = Network.open()) {
            network.onLeft(() ->
                    configuration.run(() -> {
                        for (String host : List.of("0.0.0.0", "::")) {
                            try (var socket = UdpSocket.bind(new InetSocketAddress(host, 0))) {
                                socket.tellErrors(true);
                                socket.send(Bytes.of("lost"), SERVER);
                                assertThatThrownBy(() -> socket.receive(ByteBuffer.allocate(9)))
                                        .isInstanceOfSatisfying(
                                                UndeliveredException.class,
                                                e -> {
                                                    assertThat(e.destination()).isEqualTo(SERVER);
                                                    assertThat(e.teller())
                                                            .hasValue(SERVER.getAddress());
                                                });
                            }
                        }
                    }));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"IO_URING", "EPOLL"})
    void aTransferSurvivesLostPackets(Configuration configuration) throws Exception {
        Network.assumeLoss();
        transfer(configuration, network -> network.lose(3));
    }

    @ParameterizedTest
    @EnumSource(names = {"IO_URING", "EPOLL"})
    void aTransferSurvivesASlowCableAndItsQueue(Configuration configuration) throws Exception {
        transfer(configuration, network -> network.slowDown("rate 60mbit burst 20kb latency 30ms"));
    }

    @ParameterizedTest
    @EnumSource(names = {"IO_URING", "EPOLL"})
    void aBlackHoleAmidATransferEndsTheWaitInTimeAndTheTransferGoesOnAfterwards(
            Configuration configuration) throws Exception {
        Network.assumeLoss();
        run(
                configuration,
                NetworkTest::sendPattern,
                network -> {
                    try (var socket = TcpSocket.connect(SERVER)) {
                        ByteBuffer received = ByteBuffer.allocateDirect(SIZE);
                        socket.write(Bytes.of("!"));
                        socket.readFully(received.limit(1000));
                        network.lose(100);
                        received.limit(SIZE);
                        assertThatThrownBy(() ->
                                        Deadline.within(
                                                Duration.ofMillis(50),
                                                () -> socket.readFully(received)))
                                .isInstanceOf(DeadlineException.class);
                        network.lose(0);
                        socket.readFully(received);
                        assertPattern(received);
                        assertThat(Bytes.read(socket)).isEqualTo("end");
                    }
                });
    }

    @ParameterizedTest
    @EnumSource(names = {"IO_URING", "EPOLL"})
    void aConnectIntoABlackHoleSucceedsWhenPacketsComeThroughAgain(Configuration configuration)
            throws Exception {
        Network.assumeLoss();
        run(
                configuration,
                NetworkTest::sendPattern,
                network -> {
                    network.lose(100);
                    assertThatThrownBy(() -> TcpSocket.connect(Network.RIGHT, PORT, SHORT))
                            .isInstanceOf(DeadlineException.class);
                    var connecting =
                            Waiting.untilParked(Fiber.start(() -> TcpSocket.connect(SERVER)));
                    network.lose(0);
                    try (var socket = connecting.join()) {
                        ByteBuffer received = ByteBuffer.allocateDirect(SIZE);
                        socket.write(Bytes.of("!"));
                        socket.readFully(received);
                        assertPattern(received);
                    }
                });
    }

    @ParameterizedTest
    @EnumSource(names = {"IO_URING", "EPOLL"})
    void aTransferSurvivesDelayAndLoss(Configuration configuration) throws Exception {
        transfer(configuration, network -> network.impair("delay 2ms 1ms loss 2%"));
    }

    @Tag("soak")
    @Timeout(600)
    @ParameterizedTest
    @EnumSource(names = {"IO_URING", "EPOLL"})
    void aTransferSurvivesWorseDelayAndLoss(Configuration configuration) throws Exception {
        String much = "delay 40ms 20ms loss 15% duplicate 5% reorder 10%";
        transfer(configuration, network -> network.impair(much));
    }

    private static void transfer(Configuration configuration, Client impairing) throws Exception {
        run(
                configuration,
                NetworkTest::sendPattern,
                network -> {
                    try (var socket = TcpSocket.connect(SERVER)) {
                        socket.write(Bytes.of("!"));
                        impairing.run(network);
                        ByteBuffer received = ByteBuffer.allocateDirect(SIZE);
                        socket.readFully(received);
                        assertPattern(received);
                    }
                });
    }
}
