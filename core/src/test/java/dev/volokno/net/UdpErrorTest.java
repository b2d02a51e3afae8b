package dev.volokno.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.volokno.fiber.Fiber;
import dev.volokno.support.Bytes;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachLoop;
import dev.volokno.support.Turns;
import dev.volokno.support.Waiting;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;

/** What the network says of datagrams that did not arrive. */
class UdpErrorTest {
    private static final List<String> HOSTS = List.of("127.0.0.1", "::1");

    private static UdpSocket bind(String host) throws IOException {
        return UdpSocket.bind(new InetSocketAddress(host, 0));
    }

    /** An address at which nobody listens. */
    private static InetSocketAddress nobody(String host) throws IOException {
        try (var gone = bind(host)) {
            return gone.localAddress();
        }
    }

    private interface WithSocket {
        void run(String host, UdpSocket socket) throws Exception;
    }

    private static void each(Configuration configuration, WithSocket body) throws Exception {
        configuration.run(() -> {
            for (String host : HOSTS) {
                try (var socket = bind(host)) {
                    socket.tellErrors(true);
                    body.run(host, socket);
                }
            }
        });
    }

    @EachLoop
    void aParkedReceiverIsToldWhichDatagramWasRefusedAndByWhom(Configuration configuration)
            throws Exception {
        each(
                configuration,
                (host, socket) -> {
                    InetSocketAddress nobody = nobody(host);
                    ByteBuffer untouched = ByteBuffer.allocate(50);
                    var receiver =
                            Waiting.untilParked(
                                    Fiber.start(() ->
                                            assertThatThrownBy(() -> socket.receive(untouched))
                                                    .isInstanceOfSatisfying(
                                                            UndeliveredException.class,
                                                            e -> assertRefused(e, nobody))));
                    socket.send(Bytes.of("lost"), nobody);
                    receiver.join();
                    assertThat(untouched.position()).isZero();
                    assertThat(untouched.get(0)).isZero();
                });
    }

    private static void assertRefused(UndeliveredException e, InetSocketAddress nobody) {
        assertThat(e.destination()).isEqualTo(nobody);
        assertThat(e.errno()).isEqualTo("ECONNREFUSED");
        assertThat(e.teller()).hasValue(nobody.getAddress());
        boolean v4 = nobody.getAddress().getAddress().length == 4;
        // Destination unreachable, port unreachable.
        assertThat(e.icmp().type()).isEqualTo(v4 ? 3 : 1);
        assertThat(e.icmp().code()).isEqualTo(v4 ? 3 : 4);
        assertThat(e)
                .hasMessageContaining("a datagram to ")
                .hasMessageContaining(":" + nobody.getPort())
                .hasMessageContaining("told by " + nobody.getAddress().getHostAddress());
    }

    @EachLoop
    void sendingToOthersGoesOnAndEachErrorIsToldOnceOfItsOwnDestination(Configuration configuration)
            throws Exception {
        each(
                configuration,
                (host, socket) -> {
                    try (var listening = bind(host)) {
                        InetSocketAddress first = nobody(host);
                        InetSocketAddress second = nobody(host);
                        socket.send(Bytes.of("lost"), first);
                        for (int i = 0; i < 3; i++) {
                            socket.send(Bytes.of("arrives"), listening.localAddress());
                            assertThat(listening.receive(ByteBuffer.allocate(9)).length())
                                    .isEqualTo(7);
                        }
                        socket.send(Bytes.of("lost too"), second);
                        for (InetSocketAddress lost : List.of(first, second)) {
                            assertThatThrownBy(() -> socket.receive(ByteBuffer.allocate(1)))
                                    .isInstanceOfSatisfying(
                                            UndeliveredException.class,
                                            e -> assertThat(e.destination()).isEqualTo(lost));
                        }
                        listening.send(Bytes.of("answer"), socket.localAddress());
                        assertThat(socket.receive(ByteBuffer.allocate(9)).length()).isEqualTo(6);
                    }
                });
    }

    @EachLoop
    void errorsThatNobodyReceivesKeepNoLoopAwake(Configuration configuration) throws Exception {
        each(
                configuration,
                (host, socket) -> {
                    socket.send(Bytes.of("lost"), nobody(host));
                    Turns.assertRest();
                });
    }

    @EachLoop
    void withoutAWishNobodyButAConnectedSocketIsTold(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (var socket = bind("127.0.0.1");
                    var listening = bind("127.0.0.1")) {
                socket.send(Bytes.of("lost"), nobody("127.0.0.1"));
                listening.send(Bytes.of("one"), socket.localAddress());
                assertThat(socket.receive(ByteBuffer.allocate(9)).length()).isEqualTo(3);
            }
        });
    }

    @EachLoop
    void whatHasNoRouteOrIsTooLongFailsForItsOwnSake(Configuration configuration) throws Exception {
        each(
                configuration,
                (host, socket) -> {
                    assertThatThrownBy(() -> socket.send(ByteBuffer.allocate(70_000), nobody(host)))
                            .isInstanceOf(IOException.class)
                            .hasMessageContaining("EMSGSIZE")
                            .hasMessageContaining("a datagram of 70000 bytes");
                    assertThatThrownBy(() ->
                                    socket.send(
                                            Bytes.of("everybody"),
                                            new InetSocketAddress(
                                                    InetAddress.ofLiteral("255.255.255.255"), 9)))
                            .isInstanceOf(Exception.class);
                });
    }
}
