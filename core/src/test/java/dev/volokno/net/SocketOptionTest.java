package dev.volokno.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.volokno.SystemCallException;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachLoop;
import java.net.InetSocketAddress;
import java.time.Duration;

/** Options of sockets: as they are set, and as they are without. */
class SocketOptionTest {
    /** What to do with a connection. */
    private interface Body {
        void run(TcpSocket client, TcpSocket server) throws Exception;
    }

    private static void connected(Configuration configuration, String host, Body body)
            throws Exception {
        configuration.run(() -> {
            try (var listener = TcpListener.bind(new InetSocketAddress(host, 0));
                    var client = TcpSocket.connect(listener.localAddress());
                    var server = listener.accept()) {
                body.run(client, server);
            }
        });
    }

    private static <T> void assertKept(TcpSocket socket, NetOption<T> option, T value)
            throws Exception {
        socket.set(option, value);
        assertThat(socket.get(option)).as(option.name()).isEqualTo(value);
    }

    @EachLoop
    void smallWritesGoOutAtOnceUnlessToldOtherwise(Configuration configuration) throws Exception {
        connected(
                configuration,
                "127.0.0.1",
                (client, server) -> {
                    assertThat(client.get(TcpOption.NO_DELAY)).isTrue();
                    assertThat(server.get(TcpOption.NO_DELAY)).isTrue();
                    assertKept(server, TcpOption.NO_DELAY, false);
                });
    }

    @EachLoop
    void whatIsSetIsReadBack(Configuration configuration) throws Exception {
        connected(
                configuration,
                "127.0.0.1",
                (client, server) -> {
                    assertKept(client, NetOption.KEEP_ALIVE, true);
                    assertKept(client, TcpOption.KEEP_ALIVE_IDLE, Duration.ofSeconds(70));
                    assertKept(client, TcpOption.KEEP_ALIVE_INTERVAL, Duration.ofSeconds(7));
                    assertKept(client, TcpOption.KEEP_ALIVE_PROBES, 3);
                    assertKept(client, TcpOption.USER_TIMEOUT, Duration.ofMillis(12_345));
                    assertKept(client, TcpOption.CORK, true);
                    assertKept(client, TcpOption.QUICK_ACK, false);
                    assertKept(client, TcpOption.CONGESTION, "reno");
                    assertKept(client, TcpOption.UNSENT_LOW_WATER, 16_384);
                    assertKept(client, NetOption.LINGER, Duration.ofSeconds(3));
                    assertKept(client, NetOption.LINGER, Duration.ofSeconds(-1));
                    assertKept(client, NetOption.PRIORITY, 2);
                    assertKept(client, NetOption.URGENT_INLINE, true);
                    client.set(NetOption.SEND_BUFFER, 20_000);
                    assertThat(client.get(NetOption.SEND_BUFFER)).isEqualTo(40_000);
                    assertThat(client.get(NetOption.DEVICE)).isEmpty();
                    assertThat(client.get(TcpOption.MAX_SEGMENT)).isPositive();
                });
    }

    @EachLoop
    void anOptionOfBothFamiliesIsSetInBoth(Configuration configuration) throws Exception {
        for (String host : new String[] {"127.0.0.1", "::1"}) {
            connected(
                    configuration,
                    host,
                    (client, server) -> {
                        assertKept(client, IpOption.HOPS, 17);
                        assertKept(client, IpOption.TRAFFIC_CLASS, 0x10);
                        assertKept(client, IpOption.FREE_BIND, true);
                    });
        }
    }

    @EachLoop
    void whatTheKernelRefusesIsToldWithItsName(Configuration configuration) throws Exception {
        connected(
                configuration,
                "127.0.0.1",
                (client, server) -> {
                    assertThatThrownBy(() -> client.set(TcpOption.CONGESTION, "no such thing"))
                            .isInstanceOf(SystemCallException.class)
                            .hasMessageContaining("setsockopt: ENOENT");
                    assertThatThrownBy(() -> client.get(IpOption.V6_ONLY))
                            .isInstanceOf(SystemCallException.class)
                            .hasMessageContaining("getsockopt: EOPNOTSUPP");
                    assertThatThrownBy(() -> client.set(TcpOption.CONGESTION, "x".repeat(300)))
                            .isInstanceOf(IllegalArgumentException.class);
                });
    }
}
