package dev.volokno.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.volokno.DeadlineException;
import dev.volokno.fiber.Fiber;
import dev.volokno.support.Bytes;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachLoop;
import dev.volokno.support.Waiting;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;

class UdpTest {
    private static UdpSocket bind(String host) throws IOException {
        return UdpSocket.bind(new InetSocketAddress(host, 0));
    }

    @EachLoop
    void datagramsKeepTheirBoundsEmptyOnesToo(Configuration configuration) throws Exception {
        configuration.run(() -> {
            for (String host : new String[] {"127.0.0.1", "::1"}) {
                try (UdpSocket a = bind(host);
                        UdpSocket b = bind(host)) {
                    a.send(Bytes.of("one"), b.localAddress());
                    a.send(Bytes.of(""), b.localAddress());
                    a.send(Bytes.of("two"), b.localAddress());
                    ByteBuffer target = ByteBuffer.allocateDirect(50);
                    var first = b.receive(target);
                    assertThat(first.sender()).isEqualTo(a.localAddress());
                    assertThat(Bytes.text(target)).isEqualTo("one");
                    assertThat(b.receive(target).length()).isZero();
                    assertThat(b.receive(target).length()).isEqualTo(3);
                }
            }
        });
    }

    @EachLoop
    void aDatagramThatIsLongerThanTheRoomIsCutAndSaysSo(Configuration configuration)
            throws Exception {
        configuration.run(() -> {
            try (UdpSocket a = bind("127.0.0.1");
                    UdpSocket b = bind("127.0.0.1")) {
                for (ByteBuffer room :
                        new ByteBuffer[] {ByteBuffer.allocate(4), ByteBuffer.allocateDirect(4)}) {
                    a.send(Bytes.of("longer"), b.localAddress());
                    var cut = b.receive(room);
                    assertThat(cut.truncated()).isTrue();
                    assertThat(cut.length()).isEqualTo(4);
                    assertThat(Bytes.text(room)).isEqualTo("long");
                    a.send(Bytes.of("four"), b.localAddress());
                    assertThat(b.receive(room).truncated()).isFalse();
                    room.clear();
                }
            }
        });
    }

    @EachLoop
    void aDatagramThatIsTooLargeIsRefusedAndTheSocketGoesOn(Configuration configuration)
            throws Exception {
        configuration.run(() -> {
            try (UdpSocket a = bind("127.0.0.1");
                    UdpSocket b = bind("127.0.0.1")) {
                InetSocketAddress target = b.localAddress();
                assertThatThrownBy(() -> a.send(ByteBuffer.allocate(70_000), target))
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining("EMSGSIZE");
                a.send(Bytes.of("fits"), target);
                assertThat(b.receive(ByteBuffer.allocate(9)).length()).isEqualTo(4);
            }
        });
    }

    @EachLoop
    void aConnectedSocketIsToldThatNobodyListens(Configuration configuration) throws Exception {
        configuration.run(() -> {
            UdpSocket gone = bind("127.0.0.1");
            InetSocketAddress nobody = gone.localAddress();
            gone.close();
            try (UdpSocket socket = bind("127.0.0.1")) {
                socket.connect(nobody);
                var receiver =
                        Waiting.untilParked(
                                Fiber.start(() ->
                                        assertThatThrownBy(() ->
                                                        socket.receive(ByteBuffer.allocate(1)))
                                                .isInstanceOf(IOException.class)
                                                .hasMessageContaining("ECONNREFUSED")));
                socket.send(Bytes.of("anybody?"));
                receiver.join();
            }
        });
    }

    @EachLoop
    void aReceiveThatIsOutOfTimeTakesNoDatagram(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (UdpSocket a = bind("127.0.0.1");
                    UdpSocket b = bind("127.0.0.1")) {
                ByteBuffer target = ByteBuffer.allocate(9);
                assertThatThrownBy(() -> b.receive(target, Duration.ofMillis(2)))
                        .isInstanceOf(DeadlineException.class);
                a.send(Bytes.of("kept"), b.localAddress());
                b.receive(target);
                assertThat(Bytes.text(target)).isEqualTo("kept");
            }
        });
    }

    @EachLoop
    void aWildcardOfIpv6HearsAndAnswersBothFamilies(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (UdpSocket both = bind("::")) {
                int port = both.localAddress().getPort();
                for (String host : new String[] {"127.0.0.1", "::1"}) {
                    try (UdpSocket peer = bind(host)) {
                        ByteBuffer target = ByteBuffer.allocate(9);
                        var receiver = Waiting.untilParked(Fiber.start(() -> both.receive(target)));
                        peer.send(Bytes.of("asked"), new InetSocketAddress(host, port));
                        InetSocketAddress sender = receiver.join().sender();
                        assertThat(sender).isEqualTo(peer.localAddress());
                        both.send(Bytes.of("answer"), sender);
                        assertThat(peer.receive(target.clear()).sender())
                                .isEqualTo(new InetSocketAddress(host, port));
                        assertThat(Bytes.text(target)).isEqualTo("answer");
                    }
                }
            }
        });
    }
}
