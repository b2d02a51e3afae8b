package dev.volokno.fd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.volokno.CancelledException;
import dev.volokno.fiber.Fiber;
import dev.volokno.support.Bytes;
import dev.volokno.support.EachStream;
import dev.volokno.support.StreamSetting;
import dev.volokno.support.Waiting;
import java.nio.ByteBuffer;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicLong;

/** Reads and writes of many buffers at a time. */
class StreamVectorTest {
    private static final int BUFFERS = 3_000;
    private static final int LENGTH = 101;

    /** Each third is empty, direct, or in the heap. */
    private static ByteBuffer[] buffers() {
        var buffers = new ByteBuffer[BUFFERS];
        for (int i = 0; i < BUFFERS; i++) {
            buffers[i] =
                    switch (i % 3) {
                        case 0 -> ByteBuffer.allocate(0);
                        case 1 -> ByteBuffer.allocateDirect(LENGTH);
                        default -> ByteBuffer.allocate(LENGTH + 5).slice(5, LENGTH);
                    };
        }
        return buffers;
    }

    private static final byte[] CONTENT = Bytes.pattern(BUFFERS / 3 * 2 * LENGTH);

    private static void fill(ByteBuffer[] buffers) {
        int at = 0;
        for (ByteBuffer buffer : buffers) {
            int length = buffer.remaining();
            buffer.put(CONTENT, at, length).flip();
            at += length;
        }
    }

    @EachStream
    void thousandsAreWrittenInTheirOrder(StreamSetting setting) throws Exception {
        setting.run((source, sink) -> {
            ByteBuffer[] buffers = buffers();
            fill(buffers);
            var writer = Fiber.start(() -> sink.write(buffers));
            ByteBuffer target = ByteBuffer.allocateDirect(CONTENT.length);
            source.readFully(target);
            assertThat(writer.join()).isEqualTo(CONTENT.length);
            assertThat(target.flip()).isEqualTo(ByteBuffer.wrap(CONTENT));
            for (ByteBuffer buffer : buffers) {
                assertThat(buffer.hasRemaining()).isFalse();
            }
        });
    }

    @EachStream
    void thousandsAreReadInTheirOrder(StreamSetting setting) throws Exception {
        setting.run((source, sink) -> {
            Fiber.start(() -> sink.write(ByteBuffer.wrap(CONTENT)));
            ByteBuffer[] buffers = buffers();
            long read = 0;
            while (read < CONTENT.length) {
                long count = source.read(buffers);
                assertThat(count).isPositive();
                read += count;
            }
            ByteBuffer all = ByteBuffer.allocate(CONTENT.length);
            for (ByteBuffer buffer : buffers) {
                all.put(buffer.flip());
            }
            assertThat(all.flip()).isEqualTo(ByteBuffer.wrap(CONTENT));
        });
    }

    @EachStream
    void theEndIsToldAndNoRoomIsNoRead(StreamSetting setting) throws Exception {
        setting.run((source, sink) -> {
            assertThat(source.read(new ByteBuffer[0])).isZero();
            assertThat(source.read(new ByteBuffer[] {ByteBuffer.allocate(0)})).isZero();
            sink.write(new ByteBuffer[] {Bytes.of("a"), Bytes.of("b"), Bytes.of("c")});
            sink.close();
            ByteBuffer[] targets = {ByteBuffer.allocate(2), ByteBuffer.allocateDirect(9)};
            source.readUntil(ByteBuffer.allocate(3), 'a');
            assertThat(source.read(targets)).isEqualTo(2);
            assertThat(source.read(targets)).isEqualTo(-1);
        });
    }

    @EachStream
    void aCancelledWriteTellsHowFarItGot(StreamSetting setting) throws Exception {
        setting.run((source, sink) -> {
            ByteBuffer[] large = {ByteBuffer.allocateDirect(8_000_000), ByteBuffer.allocate(9)};
            var told = new AtomicLong(-1);
            var writer =
                    Waiting.untilParked(
                            Fiber.start(() -> {
                                try {
                                    sink.write(large);
                                } catch (CancelledException e) {
                                    told.set(e.transferred());
                                    throw e;
                                }
                            }));
            writer.cancel();
            assertThatThrownBy(writer::join).isInstanceOf(CancellationException.class);
            assertThat(told.get()).isEqualTo(large[0].position());
            sink.close();
            long arrived = source.inputStream().readAllBytes().length;
            assertThat(arrived).isEqualTo(large[0].position());
        });
    }
}
