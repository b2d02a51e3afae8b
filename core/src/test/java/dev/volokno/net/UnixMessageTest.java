package dev.volokno.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.volokno.DeadlineException;
import dev.volokno.fd.ByteStream;
import dev.volokno.fd.Pipe;
import dev.volokno.fiber.Fiber;
import dev.volokno.support.Bytes;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachLoop;
import dev.volokno.support.Waiting;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.io.TempDir;

/** Descriptors in messages, datagrams and packets of UNIX sockets. */
class UnixMessageTest {
    @TempDir Path directory;

    @EachLoop
    void aDescriptorComesWithTheBytesItWasSentWith(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (var pair = UnixSocket.pair();
                    Pipe pipe = Pipe.open()) {
                var receiver =
                        Waiting.untilParked(
                                Fiber.start(
                                        () -> pair.second().receive(ByteBuffer.allocate(9), 3)));
                pair.first().send(Bytes.of("take"), pipe.source().fd(), pipe.sink().fd());
                UnixMessage message = receiver.join();
                assertThat(message.length()).isEqualTo(4);
                assertThat(message.descriptors()).hasSize(2);
                assertThat(message.descriptorsLost()).isFalse();
                try (var source = ByteStream.over(message.descriptors().get(0));
                        var sink = ByteStream.over(message.descriptors().get(1))) {
                    sink.write(Bytes.of("through both"));
                    assertThat(Bytes.read(source)).isEqualTo("through both");
                }
                pair.first().close();
                assertThat(pair.second().receive(ByteBuffer.allocate(9), 3).length()).isEqualTo(-1);
            }
        });
    }

    @EachLoop
    void aLargeMessageIsWhollyWritten(Configuration configuration) throws Exception {
        configuration.run(() -> {
            byte[] sent = Bytes.pattern(3_000_000);
            try (var pair = UnixSocket.pair();
                    Pipe pipe = Pipe.open()) {
                var sender =
                        Fiber.start(
                                () -> pair.first().send(ByteBuffer.wrap(sent), pipe.sink().fd()));
                ByteBuffer target = ByteBuffer.allocate(sent.length);
                UnixMessage first = pair.second().receive(target, 1);
                first.descriptors().getFirst().close();
                pair.second().readFully(target);
                sender.join();
                assertThat(target.array()).isEqualTo(sent);
            }
        });
    }

    @EachLoop
    void descriptorsThatNobodyTakesAreClosed(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (var pair = UnixSocket.pair();
                    Pipe pipe = Pipe.open()) {
                pair.first().send(Bytes.of("a"), pipe.sink().fd());
                assertThat(Bytes.read(pair.second())).isEqualTo("a");
                pair.first().send(Bytes.of("b"), pipe.sink().fd(), pipe.sink().fd());
                UnixMessage message = pair.second().receive(ByteBuffer.allocate(1), 1);
                assertThat(message.descriptors()).hasSize(1);
                assertThat(message.descriptorsLost()).isTrue();
                message.descriptors().getFirst().close();
                pair.first().send(Bytes.of("c"), pipe.sink().fd());
                // It is in the queue when both ends are closed.
            }
        });
    }

    @EachLoop
    void whatAStreamHasLeftOverIsNotPassedOver(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (var pair = UnixSocket.pair();
                    Pipe pipe = Pipe.open()) {
                pipe.sink().write(Bytes.of("one\ntwo"));
                pipe.source().readUntil(ByteBuffer.allocate(10), '\n');
                assertThatThrownBy(() -> pair.first().send(Bytes.of("x"), pipe.source().fd()))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("3 bytes left over");
                pair.first().send(Bytes.of("a\nbc"), pipe.sink().fd());
                pair.second().readUntil(ByteBuffer.allocate(10), '\n');
                ByteBuffer target = ByteBuffer.allocate(9);
                assertThat(pair.second().receive(target, 1).length()).isEqualTo(2);
                assertThat(Bytes.text(target)).isEqualTo("bc");
            }
        });
    }

    @EachLoop
    void aCancelledReceiveTakesNothing(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (var pair = UnixSocket.pair();
                    Pipe pipe = Pipe.open()) {
                var receiver =
                        Waiting.untilParked(
                                Fiber.start(
                                        () -> pair.second().receive(ByteBuffer.allocate(9), 3)));
                receiver.cancel();
                assertThatThrownBy(receiver::join).isInstanceOf(CancellationException.class);
                pair.first().send(Bytes.of("x"), pipe.sink().fd());
                UnixMessage message = pair.second().receive(ByteBuffer.allocateDirect(9), 1);
                message.descriptors().getFirst().close();
            }
        });
    }

    @EachLoop
    void datagramsKeepTheirBoundsAndTellTheirSender(Configuration configuration) throws Exception {
        configuration.run(() -> {
            var here = UnixAddress.of(directory.resolve("here"));
            var there = UnixAddress.of(directory.resolve("there"));
            try (var a = UnixDatagramSocket.bind(here);
                    var b = UnixDatagramSocket.bind(there);
                    var nameless = UnixDatagramSocket.open()) {
                b.set(NetOption.PASS_CREDENTIALS, true);
                a.sendTo(there, Bytes.of("one"));
                a.sendTo(there, Bytes.of(""));
                nameless.connect(there);
                nameless.send(Bytes.of("three"));
                ByteBuffer target = ByteBuffer.allocate(3);
                UnixMessage first = b.receive(target);
                assertThat(first.sender()).contains(here);
                assertThat(first.credentials().orElseThrow().pid())
                        .isEqualTo((int) ProcessHandle.current().pid());
                assertThat(Bytes.text(target)).isEqualTo("one");
                assertThat(b.receive(target).length()).isZero();
                UnixMessage cut = b.receive(target);
                assertThat(cut.truncated()).isTrue();
                assertThat(Bytes.text(target)).isEqualTo("thr");
            }
            assertThat(directory).isEmptyDirectory();
        });
    }

    @EachLoop
    void aSenderOfDatagramsWaitsForRoom(Configuration configuration) throws Exception {
        configuration.run(() -> {
            var pair = UnixDatagramSocket.pair();
            try (var a = pair.get(0);
                    var b = pair.get(1)) {
                int many = 3_000;
                var sender =
                        Fiber.start(() -> {
                            for (int i = 0; i < many; i++) {
                                a.send(Bytes.of("number " + i));
                            }
                        });
                Waiting.untilParked(sender);
                ByteBuffer target = ByteBuffer.allocateDirect(50);
                for (int i = 0; i < many; i++) {
                    b.receive(target);
                    assertThat(Bytes.text(target)).isEqualTo("number " + i);
                }
                sender.join();
            }
        });
    }

    @EachLoop
    void packetsKeepTheirBoundsAndTheirEnd(Configuration configuration) throws Exception {
        configuration.run(() -> {
            var address = UnixAddress.of(directory.resolve("packets"));
            try (var listener = UnixPacketListener.bind(address);
                    var client = UnixPacketSocket.connect(address);
                    var server = listener.accept();
                    Pipe pipe = Pipe.open()) {
                client.send(Bytes.of("first"));
                client.send(Bytes.of("second"), pipe.sink().fd());
                client.send(Bytes.of("third"), pipe.sink().fd());
                client.shutdownOutput();
                ByteBuffer target = ByteBuffer.allocate(9);
                assertThat(server.receive(target).length()).isEqualTo(5);
                assertThat(Bytes.text(target)).isEqualTo("first");
                UnixMessage second = server.receive(target, 1);
                assertThat(Bytes.text(target)).isEqualTo("second");
                second.descriptors().getFirst().close();
                UnixMessage third = server.receive(target);
                assertThat(Bytes.text(target)).isEqualTo("third");
                assertThat(third.descriptors()).isEmpty();
                assertThat(third.descriptorsLost()).isTrue();
                assertThat(server.receive(target).length()).isEqualTo(-1);
                assertThatThrownBy(() -> client.send(Bytes.of("")))
                        .isInstanceOf(IllegalArgumentException.class);
                server.send(Bytes.of("cut here"));
                ByteBuffer small = ByteBuffer.allocate(3);
                assertThat(client.receive(small).truncated()).isTrue();
                assertThatThrownBy(() -> client.receive(target, Duration.ofMillis(2)))
                        .isInstanceOf(DeadlineException.class);
                assertThat(server.peerCredentials().pid())
                        .isEqualTo((int) ProcessHandle.current().pid());
            }
        });
    }
}
