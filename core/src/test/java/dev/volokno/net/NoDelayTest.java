package dev.volokno.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.volokno.fiber.Fiber;
import dev.volokno.linux.Memory;
import dev.volokno.linux.SysSocket;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.net.InetAddress;
import java.net.InetSocketAddress;

class NoDelayTest {
    @EachConfiguration
    void bothEndsSendSmallWritesAtOnce(Configuration configuration) throws Exception {
        configuration.run(() -> {
            var loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
            try (var listener = TcpListener.bind(loopback)) {
                var accepting = Fiber.start(() -> listener.accept());
                try (var client = TcpSocket.connect(listener.localAddress());
                        var server = accepting.join()) {
                    assertThat(noDelay(client)).isNotZero();
                    assertThat(noDelay(server)).isNotZero();
                    server.noDelay(false);
                    assertThat(noDelay(server)).isZero();
                }
            }
        });
    }

    private static int noDelay(TcpSocket socket) throws IOException {
        try (Arena arena = Arena.ofShared()) {
            long value = arena.allocate(4, 4).address();
            long length = arena.allocate(4, 4).address();
            Memory.putInt(length, 4);
            socket.fd()
                    .descriptor()
                    .call(
                            "getsockopt",
                            (errno, number) ->
                                    SysSocket.getsockopt(
                                            errno, number, Sockets.NO_DELAY, value, length));
            return Memory.getInt(value);
        }
    }
}
