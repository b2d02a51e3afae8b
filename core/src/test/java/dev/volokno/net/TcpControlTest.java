package dev.volokno.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.volokno.fiber.Fiber;
import dev.volokno.fiber.Select;
import dev.volokno.support.Bytes;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachLoop;
import dev.volokno.support.Turns;
import dev.volokno.support.Waiting;
import java.nio.ByteBuffer;
import java.util.concurrent.CancellationException;

/** Resets on purpose, urgent data, and the peer's end noticed without reading. */
class TcpControlTest {
    @EachLoop
    void aResetOnPurposeIsToldToThePeerWhoReads(Configuration configuration) throws Exception {
        TcpPair.run(
                configuration,
                (client, server) -> {
                    var reader = Waiting.untilParked(Fiber.start(() -> TcpPair.outcome(client)));
                    server.reset();
                    assertThat(reader.join()).isEqualTo("ECONNRESET");
                    assertThat(server.isOpen()).isFalse();
                });
    }

    @EachLoop
    void aCancelledFiberResetsToo(Configuration configuration) throws Exception {
        TcpPair.run(
                configuration,
                (client, server) -> {
                    var fiber =
                            Fiber.start(() -> {
                                try {
                                    Bytes.read(server);
                                } finally {
                                    server.reset();
                                }
                            });
                    Waiting.untilParked(fiber).cancel();
                    assertThatThrownBy(fiber::join).isInstanceOf(CancellationException.class);
                    assertThat(TcpPair.outcome(client)).isEqualTo("ECONNRESET");
                });
    }

    @EachLoop
    void thePeersEndIsNoticedBeforeItsBytesAreRead(Configuration configuration) throws Exception {
        TcpPair.run(
                configuration,
                (client, server) -> {
                    server.write(Bytes.of("last words"));
                    var noticing = Waiting.untilParked(Fiber.start(() -> client.awaitPeerClosed()));
                    Turns.assertRest();
                    server.shutdownOutput();
                    noticing.join();
                    client.awaitPeerClosed();
                    assertThat(Bytes.read(client)).isEqualTo("last words");
                    assertThat(Bytes.read(client)).isEqualTo("end");
                });
    }

    @EachLoop
    void aResetIsAnEndToo(Configuration configuration) throws Exception {
        TcpPair.run(
                configuration,
                (client, server) -> {
                    var noticing = Waiting.untilParked(Fiber.start(() -> client.awaitPeerClosed()));
                    server.reset();
                    noticing.join();
                    assertThat(TcpPair.outcome(client)).isEqualTo("ECONNRESET");
                });
    }

    @EachLoop
    void thePeersEndIsSelectedBesideOtherEvents(Configuration configuration) throws Exception {
        TcpPair.run(
                configuration,
                (client, server) -> {
                    var selecting =
                            Waiting.untilParked(
                                    Fiber.start(() ->
                                            Select.<String>first(
                                                    Select.when(
                                                            client.fd().readable(), fd -> "input"),
                                                    Select.when(
                                                            client.fd().peerClosed(),
                                                            fd -> "end"))));
                    server.write(Bytes.of("x"));
                    assertThat(selecting.join()).isEqualTo("input");
                    server.close();
                    client.awaitPeerClosed();
                    assertThat(
                                    Select.<String>first(
                                            Select.when(client.fd().peerClosed(), fd -> "end"),
                                            Select.when(client.fd().readable(), fd -> "input")))
                            .isEqualTo("end");
                });
    }

    @EachLoop
    void anUrgentByteComesBesideTheOthersAndLeavesAMark(Configuration configuration)
            throws Exception {
        TcpPair.run(
                configuration,
                (client, server) -> {
                    var notice =
                            Waiting.untilParked(Fiber.start(() -> client.fd().awaitPriority()));
                    server.write(Bytes.of("before"));
                    Turns.assertRest();
                    assertThat(Waiting.isParked(notice)).isTrue();
                    server.sendUrgent((byte) 0xfe);
                    server.write(Bytes.of("after"));
                    notice.join();
                    assertThat(client.receiveUrgent()).isEqualTo(0xfe);
                    assertThat(client.isAtUrgentMark()).isFalse();
                    ByteBuffer target = ByteBuffer.allocate(100);
                    assertThat(client.read(target)).isEqualTo(6);
                    assertThat(client.isAtUrgentMark()).isTrue();
                    assertThat(Bytes.read(client)).isEqualTo("after");
                    assertThat(client.isAtUrgentMark()).isFalse();
                });
    }

    @EachLoop
    void anUrgentByteIsWaitedForThroughOthers(Configuration configuration) throws Exception {
        TcpPair.run(
                configuration,
                (client, server) -> {
                    var urgent = Waiting.untilParked(Fiber.start(() -> client.receiveUrgent()));
                    server.write(Bytes.of("others"));
                    Turns.assertRest();
                    server.sendUrgent((byte) 'u');
                    assertThat(urgent.join()).isEqualTo('u');
                });
    }

    @EachLoop
    void waitingForAnUrgentByteEndsWithThePeersOutput(Configuration configuration)
            throws Exception {
        TcpPair.run(
                configuration,
                (client, server) -> {
                    var urgent = Waiting.untilParked(Fiber.start(() -> client.receiveUrgent()));
                    server.shutdownOutput();
                    assertThat(urgent.join()).isEqualTo(-1);
                });
    }
}
