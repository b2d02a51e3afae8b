package dev.volokno.fd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.volokno.fiber.Fiber;
import dev.volokno.support.Bytes;
import dev.volokno.support.EachStream;
import dev.volokno.support.StreamSetting;
import dev.volokno.support.Waiting;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.Future.State;

/** Whose memory a buffer is makes no difference, and none is written to after it was freed. */
class StreamBufferTest {
    private static final int SIZE = 8;

    @EachStream
    void everyKindOfBufferIsReadIntoAndWrittenFrom(StreamSetting setting) throws Exception {
        setting.run((source, sink) -> {
            try (Arena confined = Arena.ofConfined();
                    Arena shared = Arena.ofShared()) {
                for (ByteBuffer buffer : buffers(confined, shared)) {
                    passThrough(source, sink, buffer);
                }
            }
        });
    }

    private static List<ByteBuffer> buffers(Arena confined, Arena shared) {
        return List.of(
                ByteBuffer.allocate(SIZE),
                ByteBuffer.allocateDirect(SIZE),
                ByteBuffer.wrap(new byte[30], 11, SIZE).slice(),
                ByteBuffer.allocateDirect(30).position(11).slice().limit(SIZE),
                confined.allocate(SIZE).asByteBuffer(),
                shared.allocate(SIZE).asByteBuffer(),
                Arena.ofAuto().allocate(SIZE).asByteBuffer(),
                Arena.global().allocate(SIZE).asByteBuffer());
    }

    private static void passThrough(ByteStream source, ByteStream sink, ByteBuffer buffer)
            throws Exception {
        sink.write(Bytes.of("early"));
        source.fd().awaitReadable();
        assertThat(source.read(buffer)).isEqualTo(5);
        assertThat(Bytes.text(buffer)).isEqualTo("early");
        Fiber<Void> writer =
                Fiber.start(() -> {
                    Fiber.yield();
                    sink.write(Bytes.of("late"));
                });
        assertThat(source.read(buffer)).isEqualTo(4);
        writer.join();
        assertThat(sink.write(buffer.flip().asReadOnlyBuffer())).isEqualTo(4);
        assertThat(Bytes.read(source)).isEqualTo("late");
        assertThat(sink.write(buffer)).isEqualTo(4);
        assertThat(Bytes.read(source)).isEqualTo("late");
        buffer.clear();
    }

    @EachStream
    void aReadOnlyBufferIsRefusedBeforeAnythingIsRead(StreamSetting setting) throws Exception {
        setting.run((source, sink) -> {
            sink.write(Bytes.of("x"));
            ByteBuffer readOnly = ByteBuffer.allocate(3).asReadOnlyBuffer();
            assertThatThrownBy(() -> source.read(readOnly))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> source.readFully(readOnly))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> source.readUntil(readOnly, '\n'))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> source.tryRead(readOnly))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThat(Bytes.read(source)).isEqualTo("x");
        });
    }

    @EachStream
    void anArenaClosedUnderAParkedReaderFailsTheReaderAndNothingElse(StreamSetting setting)
            throws Exception {
        setting.run((source, sink) -> {
            Arena arena = Arena.ofShared();
            ByteBuffer buffer = arena.allocate(SIZE).asByteBuffer();
            var reader =
                    Waiting.untilParked(
                            Fiber.start(() ->
                                    assertThatThrownBy(() -> source.read(buffer))
                                            .isInstanceOf(Exception.class)));
            arena.close();
            sink.write(Bytes.of("kept"));
            reader.join();
            assertThat(Bytes.read(source)).isEqualTo("kept");
        });
    }

    @EachStream
    void anArenaClosedUnderAParkedWriterFailsTheWriterAndNothingElse(StreamSetting setting)
            throws Exception {
        setting.run((source, sink) -> {
            Bytes.fill(sink);
            Arena arena = Arena.ofShared();
            ByteBuffer buffer = arena.allocate(3_000_000).asByteBuffer();
            var writer =
                    Waiting.untilParked(
                            Fiber.start(() ->
                                    assertThatThrownBy(() -> sink.write(buffer))
                                            .isInstanceOf(Exception.class)));
            // Asked by the same loop after the writer, so the attempt to write has ended.
            source.fd().awaitReadable();
            arena.close();
            while (writer.state() == State.RUNNING) {
                source.tryRead(ByteBuffer.allocate(1_000_000));
                Fiber.yield();
            }
            writer.join();
        });
    }

    @EachStream
    void aBufferOfAClosedArenaIsRefused(StreamSetting setting) throws Exception {
        setting.run((source, sink) -> {
            for (Arena arena : List.of(Arena.ofShared(), Arena.ofConfined())) {
                ByteBuffer buffer = arena.allocate(SIZE).asByteBuffer();
                arena.close();
                assertThatThrownBy(() -> source.read(buffer))
                        .isInstanceOf(IllegalStateException.class);
                assertThatThrownBy(() -> sink.write(buffer))
                        .isInstanceOf(IllegalStateException.class);
                sink.write(Bytes.of("kept"));
                assertThat(Bytes.read(source)).isEqualTo("kept");
            }
        });
    }

    @EachStream
    void aBufferThatIsConfinedToAnotherThreadIsRefused(StreamSetting setting) throws Exception {
        try (Arena foreign = Arena.ofConfined()) {
            ByteBuffer buffer = foreign.allocate(SIZE).asByteBuffer();
            setting.run((source, sink) -> {
                assertThatThrownBy(() -> source.read(buffer))
                        .isInstanceOf(WrongThreadException.class);
                assertThatThrownBy(() -> sink.write(buffer))
                        .isInstanceOf(WrongThreadException.class);
                sink.write(Bytes.of("kept"));
                assertThat(Bytes.read(source)).isEqualTo("kept");
            });
        }
    }
}
