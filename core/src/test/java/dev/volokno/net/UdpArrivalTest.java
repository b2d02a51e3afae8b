package dev.volokno.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.volokno.SystemCallException;
import dev.volokno.support.Bytes;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachLoop;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** What comes beside a datagram, and other options of UDP sockets. */
class UdpArrivalTest {
    private static UdpSocket bind(String host) throws IOException {
        return UdpSocket.bind(new InetSocketAddress(host, 0));
    }

    @EachLoop
    void aDatagramTellsWhereItWasSentToAndCameInAndIsAnsweredFromThere(Configuration configuration)
            throws Exception {
        configuration.run(() -> {
            for (List<String> hosts :
                    List.of(
                            List.of("0.0.0.0", "127.0.0.9", "127.0.0.1"),
                            List.of("::", "127.0.0.9", "127.0.0.1"),
                            List.of("::", "::1", "::1"))) {
                try (var server = bind(hosts.get(0));
                        var client = bind(hosts.get(2))) {
                    server.set(IpOption.PACKET_INFO, true);
                    InetAddress second = InetAddress.ofLiteral(hosts.get(1));
                    int port = server.localAddress().getPort();
                    client.send(Bytes.of("question"), new InetSocketAddress(second, port));
                    var question = server.receive(ByteBuffer.allocate(50));
                    assertThat(question.arrival().destination()).hasValue(second);
                    assertThat(question.arrival().interfaceIndex())
                            .isEqualTo(NetworkInterface.getByName("lo").getIndex());
                    server.reply(Bytes.of("answer"), question);
                    var answer = client.receive(ByteBuffer.allocate(50));
                    assertThat(answer.sender()).isEqualTo(new InetSocketAddress(second, port));
                    assertThat(answer.arrival().destination()).isEmpty();
                }
            }
        });
    }

    @EachLoop
    void aDatagramTellsWhenItWasReceived(Configuration configuration) throws Exception {
        configuration.run(() -> {
            for (String host : List.of("127.0.0.1", "::1")) {
                try (var a = bind(host);
                        var b = bind(host)) {
                    b.set(NetOption.TIMESTAMPS, true);
                    a.send(Bytes.of("now"), b.localAddress());
                    Instant time = b.receive(ByteBuffer.allocate(9)).arrival().time().orElseThrow();
                    assertThat(Duration.between(time, Instant.now()).abs())
                            .isLessThan(Duration.ofHours(1));
                }
            }
        });
    }

    @EachLoop
    void oneCallSendsManyDatagramsAndAnotherReceivesThemJoined(Configuration configuration)
            throws Exception {
        configuration.run(() -> {
            for (String host : List.of("127.0.0.1", "::1")) {
                try (var a = bind(host);
                        var apart = bind(host);
                        var joined = bind(host)) {
                    assumeTrue(hasSegments(a), "UDP_SEGMENT is there since Linux 4.18");
                    ByteBuffer pattern = ByteBuffer.wrap(Bytes.pattern(3500));
                    a.send(pattern.duplicate(), apart.localAddress());
                    assertThat(apart.receive(ByteBuffer.allocate(4000)).length()).isEqualTo(1000);
                    assertThat(apart.receive(ByteBuffer.allocate(4000)).length()).isEqualTo(1000);
                    assertThat(apart.receive(ByteBuffer.allocate(4000)).length()).isEqualTo(1000);
                    assertThat(apart.receive(ByteBuffer.allocate(4000)).length()).isEqualTo(500);
                    joined.set(UdpOption.COALESCE, true);
                    a.send(pattern.duplicate(), joined.localAddress());
                    ByteBuffer all = ByteBuffer.allocate(4000);
                    var datagrams = joined.receive(all);
                    assertThat(datagrams.arrival().segment()).isEqualTo(1000);
                    assertThat(all.flip()).isEqualTo(pattern);
                }
            }
        });
    }

    private static boolean hasSegments(UdpSocket socket) throws IOException {
        try {
            return socket.set(UdpOption.SEGMENT, 1000).get(UdpOption.SEGMENT) == 1000;
        } catch (SystemCallException e) {
            return false;
        }
    }

    @EachLoop
    void broadcastsAreSentOnlyIfThatIsWished(Configuration configuration) throws Exception {
        InetAddress everybody = InetAddress.ofLiteral("127.255.255.255");
        configuration.run(() -> {
            try (var a = bind("127.0.0.1");
                    var b = bind("0.0.0.0")) {
                var target = new InetSocketAddress(everybody, b.localAddress().getPort());
                assertThatThrownBy(() -> a.send(Bytes.of("all"), target))
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining("EACCES");
                a.set(NetOption.BROADCAST, true);
                a.send(Bytes.of("all"), target);
                assertThat(b.receive(ByteBuffer.allocate(9)).length()).isEqualTo(3);
            }
        });
    }

    @EachLoop
    void aConnectedSocketHearsItsPeerAloneAndEverybodyAgainAfterwards(Configuration configuration)
            throws Exception {
        configuration.run(() -> {
            for (String host : List.of("127.0.0.1", "::1")) {
                try (var socket = bind(host);
                        var peer = bind(host);
                        var stranger = bind(host)) {
                    InetSocketAddress address = socket.localAddress();
                    socket.connect(peer.localAddress());
                    stranger.send(Bytes.of("not heard"), address);
                    peer.send(Bytes.of("peer"), address);
                    assertThat(socket.receive(ByteBuffer.allocate(20)).sender())
                            .isEqualTo(peer.localAddress());
                    socket.disconnect();
                    assertThat(socket.localAddress()).isEqualTo(address);
                    stranger.send(Bytes.of("heard"), address);
                    assertThat(socket.receive(ByteBuffer.allocate(20)).sender())
                            .isEqualTo(stranger.localAddress());
                }
            }
        });
    }

    @EachLoop
    void aDatagramThatMayNotBeCutUpIsRefusedIfThePathIsTooNarrow(Configuration configuration)
            throws Exception {
        configuration.run(() -> {
            for (String host : List.of("127.0.0.1", "::1")) {
                try (var a = bind(host);
                        var b = bind(host)) {
                    a.connect(b.localAddress());
                    int mtu = a.get(IpOption.PATH_MTU);
                    assertThat(a.set(IpOption.MTU_DISCOVERY, 2).get(IpOption.MTU_DISCOVERY))
                            .isEqualTo(2);
                    a.send(Bytes.of("fits"));
                    assertThat(b.receive(ByteBuffer.allocate(9)).length()).isEqualTo(4);
                    assertThatThrownBy(() -> a.send(ByteBuffer.allocate(mtu + 1)))
                            .isInstanceOf(SystemCallException.class)
                            .hasMessageContaining("EMSGSIZE");
                }
            }
        });
    }

    @EachLoop
    void buffersAndTheDeviceAreAsTheyWereSet(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (var a = bind("127.0.0.1");
                    var b = bind("127.0.0.1")) {
                assertThat(a.set(NetOption.SEND_BUFFER, 20_000).get(NetOption.SEND_BUFFER))
                        .isGreaterThanOrEqualTo(20_000);
                assertThat(a.set(NetOption.DEVICE, "lo").get(NetOption.DEVICE)).isEqualTo("lo");
                a.send(Bytes.of("by lo"), b.localAddress());
                assertThat(b.receive(ByteBuffer.allocate(9)).length()).isEqualTo(5);
                assertThatThrownBy(() -> a.set(NetOption.DEVICE, "no such one"))
                        .isInstanceOf(SystemCallException.class)
                        .hasMessageContaining("ENODEV");
            }
        });
    }
}
