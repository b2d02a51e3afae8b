package dev.volokno.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.volokno.fd.Pipe;
import dev.volokno.fiber.Fiber;
import dev.volokno.support.Bytes;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
import dev.volokno.support.Turns;
import dev.volokno.support.Waiting;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;

/** Datagrams that nobody wants, and too many of them. */
class UdpHardTest {
    private static UdpSocket open() throws IOException {
        return UdpSocket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    @EachConfiguration
    void aRefusalThatNobodyWaitsForIsToldOnceAndCausesNoSpin(Configuration configuration)
            throws Exception {
        configuration.run(() -> {
            UdpSocket gone = open();
            InetSocketAddress nobody = gone.localAddress();
            gone.close();
            try (UdpSocket socket = open()) {
                var early = Waiting.untilParked(Fiber.start(() -> socket.fd().awaitReadable()));
                early.cancel();
                socket.connect(nobody);
                socket.send(Bytes.of("anybody?"));
                Turns.assertRest();
                assertThatThrownBy(() -> socket.send(Bytes.of("told")))
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining("ECONNREFUSED");
                socket.send(Bytes.of("usable again"));
            }
        });
    }

    @EachConfiguration
    void aFloodStarvesNeitherStreamsNorTimers(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (UdpSocket source = open();
                    UdpSocket sink = open();
                    Pipe pipe = Pipe.open()) {
                InetSocketAddress target = sink.localAddress();
                var sender = Fiber.start(() -> sendForEver(source, target));
                var receiver = Fiber.start(() -> receiveForEver(sink));
                var reader = Waiting.untilParked(Fiber.start(() -> Bytes.read(pipe.source())));
                for (int i = 0; i < 5; i++) {
                    Fiber.sleep(Duration.ofNanos(100_000));
                }
                pipe.sink().write(Bytes.of("served"));
                assertThat(reader.join()).isEqualTo("served");
                for (Fiber<?> busy : List.of(sender, receiver)) {
                    busy.cancel();
                    assertThatThrownBy(busy::join).isInstanceOf(CancellationException.class);
                }
            }
        });
    }

    private static void sendForEver(UdpSocket socket, InetSocketAddress target) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocateDirect(100);
        while (true) {
            socket.send(bytes.clear(), target);
        }
    }

    private static void receiveForEver(UdpSocket socket) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocateDirect(100);
        while (true) {
            socket.receive(bytes.clear());
        }
    }
}
