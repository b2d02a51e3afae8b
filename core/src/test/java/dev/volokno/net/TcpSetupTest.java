package dev.volokno.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.volokno.SystemCallException;
import dev.volokno.fd.Pipe;
import dev.volokno.fiber.Fiber;
import dev.volokno.support.Bytes;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
import dev.volokno.support.EachLoop;
import dev.volokno.support.TestLibc;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;

/** How TCP sockets are made: options, the address to connect from, adoption. */
class TcpSetupTest {
    private static final TcpOptions DEFAULTS = TcpOptions.defaults();

    @EachLoop
    void aConnectionComesFromTheAddressThatWasAsked(Configuration configuration) throws Exception {
        configuration.run(() -> {
            var local = new InetSocketAddress("127.0.0.2", 0);
            try (var listener = TcpListener.bind(TcpPair.anyPort());
                    var client =
                            TcpSocket.connect(listener.localAddress(), DEFAULTS.withLocal(local));
                    var server = listener.accept()) {
                assertThat(client.localAddress().getAddress()).isEqualTo(local.getAddress());
                assertThat(server.remoteAddress()).isEqualTo(client.localAddress());
                var taken = DEFAULTS.withLocal(listener.localAddress());
                var remote = listener.localAddress();
                assertThatThrownBy(() -> TcpSocket.connect(remote, taken))
                        .isInstanceOf(BindException.class);
            }
        });
    }

    @EachLoop
    void optionsAreSetBeforeItConnectsAndInheritedByWhatIsAccepted(Configuration configuration)
            throws Exception {
        var options =
                DEFAULTS.with(TcpOption.NO_DELAY, false)
                        .with(TcpOption.CONGESTION, "reno")
                        .with(NetOption.KEEP_ALIVE, true)
                        .withBacklog(3);
        TcpPair.run(
                configuration,
                options,
                (client, server) -> {
                    for (TcpSocket socket : new TcpSocket[] {client, server}) {
                        assertThat(socket.get(TcpOption.NO_DELAY)).isFalse();
                        assertThat(socket.get(TcpOption.CONGESTION)).isEqualTo("reno");
                        assertThat(socket.get(NetOption.KEEP_ALIVE)).isTrue();
                    }
                });
    }

    @EachLoop
    void anOptionThatIsRefusedLeavesNothingOpen(Configuration configuration) throws Exception {
        configuration.run(() -> {
            var wrong = DEFAULTS.with(TcpOption.CONGESTION, "none such");
            try (var listener = TcpListener.bind(TcpPair.anyPort())) {
                var address = listener.localAddress();
                assertThatThrownBy(() -> TcpSocket.connect(address, wrong))
                        .isInstanceOf(SystemCallException.class)
                        .hasMessageContaining("ENOENT");
                assertThatThrownBy(() -> TcpListener.bind(TcpPair.anyPort(), wrong))
                        .hasMessageContaining("ENOENT");
            }
        });
    }

    @EachLoop
    void aListenerOfIpv6AloneLeavesIpv4ToOthers(Configuration configuration) throws Exception {
        configuration.run(() -> {
            var wildcard = new InetSocketAddress("::", 0);
            try (var six = TcpListener.bind(wildcard, DEFAULTS.with(IpOption.V6_ONLY, true));
                    var four =
                            TcpListener.bind(
                                    new InetSocketAddress(
                                            "0.0.0.0", six.localAddress().getPort()))) {
                try (var client =
                                TcpSocket.connect(
                                        new InetSocketAddress(
                                                InetAddress.getByName("::1"),
                                                six.localAddress().getPort()));
                        var server = six.accept()) {
                    assertThat(server.remoteAddress()).isEqualTo(client.localAddress());
                }
                assertThat(four.localAddress().getPort()).isEqualTo(six.localAddress().getPort());
            }
        });
    }

    @EachLoop
    void aDeferredConnectionIsAcceptedWithItsFirstBytes(Configuration configuration)
            throws Exception {
        configuration.run(() -> {
            var deferring = DEFAULTS.with(TcpOption.DEFER_ACCEPT, Duration.ofSeconds(60));
            try (var listener = TcpListener.bind(TcpPair.anyPort(), deferring);
                    var silent = TcpSocket.connect(listener.localAddress());
                    var speaks = TcpSocket.connect(listener.localAddress())) {
                speaks.write(Bytes.of("hello"));
                try (var served = listener.accept()) {
                    assertThat(served.remoteAddress()).isEqualTo(speaks.localAddress());
                    assertThat(silent.isOpen()).isTrue();
                }
            }
        });
    }

    @EachLoop
    void aFastOpenServesWhatIsWrittenFirst(Configuration configuration) throws Exception {
        configuration.run(() -> {
            var server = DEFAULTS.with(TcpOption.FAST_OPEN, 16);
            var client = DEFAULTS.with(TcpOption.FAST_OPEN_CONNECT, true);
            try (var listener = TcpListener.bind(TcpPair.anyPort(), server)) {
                // The first connection brings the cookie, the second one uses it.
                for (int i = 0; i < 2; i++) {
                    var accepting = Fiber.start(() -> listener.accept());
                    try (var connected = TcpSocket.connect(listener.localAddress(), client)) {
                        connected.write(Bytes.of("first"));
                        try (var served = accepting.join()) {
                            assertThat(Bytes.read(served)).isEqualTo("first");
                            served.write(Bytes.of("answer"));
                            assertThat(Bytes.read(connected)).isEqualTo("answer");
                        }
                    }
                }
            }
        });
    }

    @EachLoop
    void multipathConnectsAlsoWhereItIsNotToBeHad(Configuration configuration) throws Exception {
        TcpPair.run(
                configuration,
                DEFAULTS.withMultipath(),
                (client, server) -> {
                    assertThat(client.isMultipath()).isEqualTo(server.isMultipath());
                    client.write(Bytes.of("either way"));
                    assertThat(Bytes.read(server)).isEqualTo("either way");
                    client.shutdownOutput();
                    assertThat(Bytes.read(server)).isEqualTo("end");
                });
    }

    @EachLoop
    void aTransparentListenerHasAnAddressOfAnother(Configuration configuration) throws Exception {
        configuration.run(() -> {
            var foreign = new InetSocketAddress("192.0.2.7", 0);
            assertThatThrownBy(() -> TcpListener.bind(foreign))
                    .isInstanceOf(BindException.class)
                    .hasMessageContaining("EADDRNOTAVAIL");
            try (var listener =
                    TcpListener.bind(foreign, DEFAULTS.with(IpOption.TRANSPARENT, true))) {
                assertThat(listener.localAddress().getAddress()).isEqualTo(foreign.getAddress());
            } catch (SystemCallException e) {
                assumeTrue(!e.errno().equals("EPERM"), "needs CAP_NET_ADMIN");
                throw e;
            }
        });
    }

    @EachLoop
    void aConnectionIsReleasedAndAdopted(Configuration configuration) throws Exception {
        TcpPair.run(
                configuration,
                (client, server) -> {
                    String name = client.toString();
                    int number = client.release();
                    try (var again = TcpSocket.adopt(number)) {
                        assertThat(again).hasToString(name);
                        again.write(Bytes.of("adopted"));
                        assertThat(Bytes.read(server)).isEqualTo("adopted");
                        assertThatThrownBy(() -> TcpSocket.adopt(number))
                                .isInstanceOf(IllegalStateException.class)
                                .hasMessageContaining("owned already");
                    }
                });
    }

    @EachLoop
    void aListenerIsReleasedAndAdopted(Configuration configuration) throws Exception {
        configuration.run(() -> {
            int number = TcpListener.bind(TcpPair.anyPort()).fd().release();
            try (var listener = TcpListener.adopt(number);
                    var client = TcpSocket.connect(listener.localAddress());
                    var server = listener.accept()) {
                assertThat(server.toString()).contains("tcp /127.0.0.1:");
                assertThat(server.remoteAddress()).isEqualTo(client.localAddress());
            }
        });
    }

    @EachConfiguration
    void whatIsNoSuchSocketIsRefusedAndStaysTheCallers(Configuration configuration)
            throws Exception {
        configuration.run(() -> {
            int listening = TcpListener.bind(TcpPair.anyPort()).fd().release();
            int pipe = Pipe.open().source().release();
            int[] pair = TestLibc.socketpair();
            assertThatThrownBy(() -> TcpSocket.adopt(listening))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("listening");
            assertThatThrownBy(() -> TcpListener.adopt(pair[0]))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("family 1");
            assertThatThrownBy(() -> TcpSocket.adopt(pipe)).hasMessageContaining("ENOTSOCK");
            for (int number : new int[] {listening, pipe, pair[0], pair[1]}) {
                assertThat(TestLibc.close(number)).isZero();
            }
        });
    }
}
