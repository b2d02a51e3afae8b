package dev.volokno.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.volokno.support.Bytes;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Datagram sockets that come from elsewhere. */
class AdoptedDatagramTest {
    private interface Adopting {
        AutoCloseable adopt(int number) throws IOException;
    }

    private static void assertRefused(int number, String what, Adopting adopting) {
        assertThatThrownBy(() -> adopting.adopt(number).close())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("fd " + number + " is no")
                .hasMessageContaining(what);
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void aUdpSocketOfEitherFamilyGoesOn(String host) throws Exception {
        for (var configuration : Configuration.values()) {
            configuration.run(() -> {
                var socket = UdpSocket.bind(new InetSocketAddress(host, 0));
                InetSocketAddress local = socket.localAddress();
                int number = socket.fd().release();
                try (var again = UdpSocket.adopt(number);
                        var peer = UdpSocket.bind(new InetSocketAddress(host, 0))) {
                    assertThat(again.localAddress()).isEqualTo(local);
                    peer.send(Bytes.of("question"), local);
                    ByteBuffer room = ByteBuffer.allocate(9);
                    var received = again.receive(room);
                    again.send(room.flip(), received.sender());
                    assertThat(peer.receive(ByteBuffer.allocate(9)).length()).isEqualTo(8);
                }
            });
        }
    }

    @EachConfiguration
    void aUnixSocketGoesOnAndItsFileStays(Configuration configuration, @TempDir Path dir)
            throws Exception {
        configuration.run(() -> {
            Path path = dir.resolve("socket");
            var address = UnixAddress.of(path);
            int number = UnixDatagramSocket.bind(address).fd().release();
            try (var again = UnixDatagramSocket.adopt(number);
                    var peer = UnixDatagramSocket.open()) {
                assertThat(again.localAddress()).isEqualTo(address);
                peer.sendTo(address, Bytes.of("hello"));
                assertThat(again.receive(ByteBuffer.allocate(9)).length()).isEqualTo(5);
            }
            assertThat(Files.exists(path)).isTrue();
        });
    }

    @EachConfiguration
    void anythingElseIsRefusedAndStaysItsOwners(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (var tcp = TcpListener.bind(TcpPair.anyPort());
                    var udp = UdpSocket.bind(TcpPair.anyPort())) {
                int stream = tcp.fd().release();
                assertRefused(stream, "type 1", UdpSocket::adopt);
                assertRefused(stream, "type 1", UnixDatagramSocket::adopt);
                TcpListener.adopt(stream).close();
                int datagrams = udp.fd().use(number -> number);
                assertRefused(datagrams, "type 2", UnixDatagramSocket::adopt);
                assertThatThrownBy(() -> UdpSocket.adopt(datagrams))
                        .isInstanceOf(IllegalStateException.class);
            }
        });
    }
}
