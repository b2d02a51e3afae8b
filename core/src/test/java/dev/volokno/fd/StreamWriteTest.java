package dev.volokno.fd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.volokno.fiber.Fiber;
import dev.volokno.support.Bytes;
import dev.volokno.support.EachDuplexStream;
import dev.volokno.support.EachStream;
import dev.volokno.support.StreamSetting;
import dev.volokno.support.Waiting;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.Future.State;

class StreamWriteTest {
    private static final int MUCH = 3_000_000;

    @EachStream
    void aWriteReturnsWhenAllIsWritten(StreamSetting setting) throws Exception {
        byte[] sent = Bytes.pattern(MUCH);
        setting.run((source, sink) -> {
            var writer = Fiber.start(() -> sink.write(ByteBuffer.wrap(sent)));
            ByteBuffer received = ByteBuffer.allocateDirect(MUCH);
            source.readFully(received);
            assertThat(writer.join()).isEqualTo(MUCH);
            assertThat(received.flip()).isEqualTo(ByteBuffer.wrap(sent));
        });
    }

    @EachStream
    void aDirectBufferIsWrittenFromItsPositionToItsLimit(StreamSetting setting) throws Exception {
        setting.run((source, sink) -> {
            ByteBuffer buffer = ByteBuffer.allocateDirect(MUCH).position(5).limit(MUCH - 7);
            buffer.duplicate().put(Bytes.pattern(MUCH - 12));
            var writer = Fiber.start(() -> sink.write(buffer));
            ByteBuffer received = ByteBuffer.allocate(MUCH - 12);
            source.readFully(received);
            assertThat(writer.join()).isEqualTo(MUCH - 12);
            assertThat(buffer.hasRemaining()).isFalse();
            assertThat(received.array()).isEqualTo(Bytes.pattern(MUCH - 12));
        });
    }

    @EachDuplexStream
    void twoPeersThatBothWriteMoreThanTheBuffersHoldDoNotBlockEachOther(StreamSetting setting)
            throws Exception {
        byte[] sent = Bytes.pattern(MUCH);
        setting.run((source, sink) -> {
            for (ByteStream end : new ByteStream[] {source, sink}) {
                Fiber.start(() -> end.write(ByteBuffer.wrap(sent)));
                Fiber.start(() -> {
                    ByteBuffer received = ByteBuffer.allocate(MUCH);
                    end.readFully(received);
                    assertThat(received.array()).isEqualTo(sent);
                });
            }
        });
    }

    @EachStream
    void anEmptyWriteWritesNothing(StreamSetting setting) throws Exception {
        setting.run((source, sink) -> {
            assertThat(sink.write(ByteBuffer.allocate(0))).isZero();
            assertThat(sink.writeSome(ByteBuffer.allocateDirect(0))).isZero();
            assertThat(sink.tryWrite(ByteBuffer.allocate(0))).isZero();
            assertThat(source.tryRead(ByteBuffer.allocate(1))).isZero();
        });
    }

    @EachStream
    void aGatheringWriteIsNotTornApart(StreamSetting setting) throws Exception {
        setting.run((source, sink) -> {
            var first =
                    Waiting.untilParked(Fiber.start(() -> sink.write(ByteBuffer.allocate(MUCH))));
            ByteBuffer[] parts = {Bytes.of("ab"), ByteBuffer.allocate(0), Bytes.of("cd")};
            var second = Waiting.untilParked(Fiber.start(() -> sink.write(parts)));
            var third = Waiting.untilParked(Fiber.start(() -> sink.write(Bytes.of("ef"))));
            source.readFully(ByteBuffer.allocate(MUCH));
            ByteBuffer rest = ByteBuffer.allocate(6);
            source.readFully(rest);
            assertThat(Bytes.text(rest)).isEqualTo("abcdef");
            assertThat(first.join()).isEqualTo(MUCH);
            assertThat(second.join()).isEqualTo(4);
            assertThat(third.join()).isEqualTo(2);
        });
    }

    @EachStream
    void tryWriteNeverWaits(StreamSetting setting) throws Exception {
        setting.run((source, sink) -> {
            Bytes.fill(sink);
            ByteBuffer more = ByteBuffer.allocateDirect(100_000);
            assertThat(sink.tryWrite(more)).isZero();
            var writer = Waiting.untilParked(Fiber.start(() -> sink.write(more.duplicate())));
            assertThat(sink.tryWrite(more)).as("while another writes").isZero();
            writer.cancel();
        });
    }

    @EachStream
    void writeSomeWaitsForRoom(StreamSetting setting) throws Exception {
        setting.run((source, sink) -> {
            Bytes.fill(sink);
            ByteBuffer much = ByteBuffer.allocate(MUCH);
            var writer = Waiting.untilParked(Fiber.start(() -> sink.writeSome(much)));
            ByteBuffer room = ByteBuffer.allocate(1_000_000);
            while (writer.state() == State.RUNNING) {
                source.tryRead(room.clear());
                Fiber.yield();
            }
            assertThat(writer.join()).isPositive().isEqualTo(much.position());
        });
    }

    @EachStream
    void writingWhatNobodyWillReadIsAnErrorAndNoSignal(StreamSetting setting) throws Exception {
        setting.run((source, sink) -> {
            source.close();
            assertThatThrownBy(
                            () -> {
                                while (true) {
                                    sink.write(ByteBuffer.allocate(1000));
                                }
                            })
                    .isInstanceOf(IOException.class)
                    .hasMessageMatching(".*(EPIPE|ECONNRESET) on fd \\d+.*");
        });
    }

    @EachStream
    void aParkedWriterIsToldThatNobodyWillRead(StreamSetting setting) throws Exception {
        setting.run((source, sink) -> {
            var writer =
                    Waiting.untilParked(
                            Fiber.start(() ->
                                    assertThatThrownBy(() -> sink.write(ByteBuffer.allocate(MUCH)))
                                            .isInstanceOf(IOException.class)
                                            .hasMessageMatching(".*(EPIPE|ECONNRESET).*")));
            source.close();
            writer.join();
        });
    }
}
