package dev.volokno.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.volokno.fiber.Fiber;
import dev.volokno.support.Bytes;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachLoop;
import dev.volokno.support.Waiting;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CancellationException;

/** Many datagrams by one call. */
class UdpBatchTest {
    private static final List<String> HOSTS = List.of("127.0.0.1", "::1");

    private interface WithPair {
        void run(UdpSocket a, UdpSocket b) throws Exception;
    }

    private static void each(Configuration configuration, WithPair body) throws Exception {
        configuration.run(() -> {
            for (String host : HOSTS) {
                try (var a = UdpSocket.bind(new InetSocketAddress(host, 0));
                        var b = UdpSocket.bind(new InetSocketAddress(host, 0))) {
                    body.run(a, b);
                }
            }
        });
    }

    private static String text(DatagramBatch batch, int i) {
        return StandardCharsets.ISO_8859_1.decode(batch.data(i).duplicate()).toString();
    }

    @EachLoop
    void whatIsSentByOneCallIsReceivedByOneWithItsBoundsAndSenders(Configuration configuration)
            throws Exception {
        each(
                configuration,
                (a, b) -> {
                    DatagramBatch sent = a.newBatch(3, 100);
                    sent.add(Bytes.of("one"), b.localAddress())
                            .add(Bytes.of(""), b.localAddress())
                            .add(Bytes.of("three"), b.localAddress());
                    a.send(sent);
                    assertThat(sent.size()).isZero();
                    DatagramBatch received = b.newBatch(8, 100);
                    assertThat(b.receive(received)).isEqualTo(3);
                    assertThat(text(received, 0)).isEqualTo("one");
                    assertThat(text(received, 1)).isEmpty();
                    assertThat(text(received, 2)).isEqualTo("three");
                    assertThat(received.address(2)).isEqualTo(a.localAddress());
                    assertThat(received.truncated(2)).isFalse();
                });
    }

    @EachLoop
    void whatWasReceivedIsSentBackAsItIsAgainAndAgain(Configuration configuration)
            throws Exception {
        each(
                configuration,
                (a, b) -> {
                    DatagramBatch there = a.newBatch(4, 20);
                    DatagramBatch back = b.newBatch(4, 20);
                    for (int round = 0; round < 3; round++) {
                        for (int i = 0; i < 4; i++) {
                            there.add(Bytes.of("datagram " + round + i), b.localAddress());
                        }
                        a.send(there);
                        assertThat(b.receive(back)).isEqualTo(4);
                        back.data(1).position(9);
                        b.send(back);
                        assertThat(a.receive(there)).isEqualTo(4);
                        assertThat(text(there, 0)).isEqualTo("datagram " + round + "0");
                        assertThat(text(there, 1)).isEqualTo(round + "1");
                        assertThat(there.address(3)).isEqualTo(b.localAddress());
                        there.clear();
                    }
                });
    }

    @EachLoop
    void aReceiverParksUntilTheFirstComesAndTakesNoMoreThanItHasRoomFor(Configuration configuration)
            throws Exception {
        each(
                configuration,
                (a, b) -> {
                    DatagramBatch batch = b.newBatch(2, 4);
                    var receiver = Waiting.untilParked(Fiber.start(() -> b.receive(batch)));
                    a.send(Bytes.of("longer"), b.localAddress());
                    assertThat(receiver.join()).isEqualTo(1);
                    assertThat(batch.truncated(0)).isTrue();
                    assertThat(text(batch, 0)).isEqualTo("long");
                    for (int i = 0; i < 3; i++) {
                        a.send(Bytes.of("n" + i), b.localAddress());
                    }
                    assertThat(b.receive(batch)).isEqualTo(2);
                    assertThat(batch.truncated(0)).isFalse();
                    assertThat(b.receive(batch)).isEqualTo(1);
                    assertThat(text(batch, 0)).isEqualTo("n2");
                });
    }

    @EachLoop
    void aCancelledReceiverTakesNothing(Configuration configuration) throws Exception {
        each(
                configuration,
                (a, b) -> {
                    DatagramBatch batch = b.newBatch(2, 10);
                    var receiver = Waiting.untilParked(Fiber.start(() -> b.receive(batch)));
                    receiver.cancel();
                    assertThatThrownBy(receiver::join).isInstanceOf(CancellationException.class);
                    a.send(Bytes.of("whole"), b.localAddress());
                    assertThat(b.receive(batch)).isEqualTo(1);
                });
    }

    @EachLoop
    void oneThatCannotBeSentIsNamedAndThoseBeforeItWere(Configuration configuration)
            throws Exception {
        each(
                configuration,
                (a, b) -> {
                    DatagramBatch batch = a.newBatch(2, 70_000);
                    batch.add(Bytes.of("goes"), b.localAddress());
                    batch.add(ByteBuffer.allocate(70_000), b.localAddress());
                    assertThatThrownBy(() -> a.send(batch))
                            .isInstanceOf(IOException.class)
                            .hasMessageContaining("sendmmsg: EMSGSIZE")
                            .hasMessageContaining("datagram 1 of 2");
                    assertThat(b.receive(b.newBatch(5, 10))).isEqualTo(1);
                });
    }

    @EachLoop
    void moreThanItHoldsIsRefused(Configuration configuration) throws Exception {
        each(
                configuration,
                (a, b) -> {
                    DatagramBatch batch = a.newBatch(1, 4);
                    InetSocketAddress target = b.localAddress();
                    assertThatThrownBy(() -> batch.add(Bytes.of("12345"), target))
                            .isInstanceOf(IllegalArgumentException.class);
                    batch.add(Bytes.of("1234"), target);
                    assertThatThrownBy(() -> batch.add(Bytes.of("5"), target))
                            .isInstanceOf(IllegalStateException.class);
                    assertThatThrownBy(() -> batch.data(1))
                            .isInstanceOf(IndexOutOfBoundsException.class);
                    assertThatThrownBy(() -> a.newBatch(0, 1))
                            .isInstanceOf(IllegalArgumentException.class);
                });
    }
}
