package dev.volokno.fd;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.volokno.fiber.Fiber;
import dev.volokno.support.Bytes;
import dev.volokno.support.EachStream;
import dev.volokno.support.StreamSetting;
import dev.volokno.support.Waiting;
import java.io.EOFException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

class StreamReadTest {
    @EachStream
    void aReadWaitsForBytesAndTakesThoseThatAreThere(StreamSetting setting) throws Exception {
        setting.run((source, sink) -> {
            var reader = Waiting.untilParked(Fiber.start(() -> Bytes.read(source)));
            sink.write(Bytes.of("some"));
            assertThat(reader.join()).isEqualTo("some");
            sink.write(Bytes.of("more"));
            assertThat(Bytes.read(source)).isEqualTo("more");
        });
    }

    @EachStream
    void theEndComesAfterTheLastByteAndAgainWhenAsked(StreamSetting setting) throws Exception {
        setting.run((source, sink) -> {
            sink.write(Bytes.of("last"));
            sink.close();
            assertThat(Bytes.read(source)).isEqualTo("last");
            assertThat(Bytes.read(source)).isEqualTo("end");
            assertThat(Bytes.read(source)).isEqualTo("end");
            assertThat(source.tryRead(ByteBuffer.allocate(1))).isEqualTo(-1);
        });
    }

    @EachStream
    void aParkedReaderIsToldOfTheEnd(StreamSetting setting) throws Exception {
        setting.run((source, sink) -> {
            var reader = Waiting.untilParked(Fiber.start(() -> Bytes.read(source)));
            sink.close();
            assertThat(reader.join()).isEqualTo("end");
        });
    }

    @EachStream
    void aReadIntoNoRoomReturnsZeroAndTakesNothing(StreamSetting setting) throws Exception {
        setting.run((source, sink) -> {
            assertThat(source.read(ByteBuffer.allocate(0))).isZero();
            sink.write(Bytes.of("x"));
            assertThat(source.read(ByteBuffer.allocate(0))).isZero();
            assertThat(source.tryRead(ByteBuffer.allocate(0))).isZero();
            assertThat(Bytes.read(source)).isEqualTo("x");
        });
    }

    @EachStream
    void readFullyFillsTheBufferHoweverSmallTheChunks(StreamSetting setting) throws Exception {
        setting.run((source, sink) -> {
            ByteBuffer target = ByteBuffer.allocateDirect(6);
            var reader = Waiting.untilParked(Fiber.start(() -> source.readFully(target)));
            for (String chunk : new String[] {"a", "bc", "defgh"}) {
                sink.write(Bytes.of(chunk));
                Fiber.yield();
            }
            reader.join();
            assertThat(Bytes.text(target)).isEqualTo("abcdef");
            assertThat(Bytes.read(source)).isEqualTo("gh");
        });
    }

    @EachStream
    void readFullySaysThatTheStreamEndedBefore(StreamSetting setting) throws Exception {
        setting.run((source, sink) -> {
            sink.write(Bytes.of("abc"));
            sink.close();
            ByteBuffer target = ByteBuffer.allocate(5);
            assertThatThrownBy(() -> source.readFully(target))
                    .isInstanceOf(EOFException.class)
                    .hasMessageContaining("3 of 5");
            assertThat(Bytes.text(target)).isEqualTo("abc");
        });
    }

    @EachStream
    void tryReadNeverWaits(StreamSetting setting) throws Exception {
        setting.run((source, sink) -> {
            ByteBuffer target = ByteBuffer.allocate(10);
            assertThat(source.tryRead(target)).isZero();
            sink.write(Bytes.of("xyz"));
            source.fd().awaitReadable();
            assertThat(source.tryRead(target)).isEqualTo(3);
            assertThat(source.tryRead(target)).isZero();
            var reader = Waiting.untilParked(Fiber.start(() -> Bytes.read(source)));
            assertThat(source.tryRead(target)).as("while another reads").isZero();
            sink.write(Bytes.of("z"));
            assertThat(reader.join()).isEqualTo("z");
        });
    }

    @EachStream
    void aScatteringReadFillsOneBufferAfterTheOther(StreamSetting setting) throws Exception {
        setting.run((source, sink) -> {
            sink.write(Bytes.of("abcdef"));
            ByteBuffer[] targets = {
                ByteBuffer.allocate(0),
                ByteBuffer.allocate(2),
                ByteBuffer.allocateDirect(3),
                ByteBuffer.allocate(9)
            };
            assertThat(source.read(targets)).isEqualTo(6);
            assertThat(Bytes.text(targets[1])).isEqualTo("ab");
            assertThat(Bytes.text(targets[2])).isEqualTo("cde");
            assertThat(Bytes.text(targets[3])).isEqualTo("f");
            sink.close();
            assertThat(source.read(targets)).isEqualTo(-1);
        });
    }

    @EachStream
    void anInputStreamReadsTheSameBytes(StreamSetting setting) throws Exception {
        setting.run((source, sink) -> {
            sink.write(ByteBuffer.wrap(new byte[] {(byte) 0xff, 1, 2}));
            sink.close();
            var input = source.inputStream();
            assertThat(input.read()).isEqualTo(0xff);
            assertThat(input.readAllBytes()).containsExactly(1, 2);
            assertThat(input.read()).isEqualTo(-1);
        });
    }

    @EachStream
    void anOutputStreamWritesAllOfIt(StreamSetting setting) throws Exception {
        byte[] sent = Bytes.pattern(300_000);
        setting.run((source, sink) -> {
            var writer =
                    Fiber.start(() -> {
                        try (var output = sink.outputStream()) {
                            output.write(sent);
                            output.write(7);
                        }
                    });
            byte[] received = source.inputStream().readAllBytes();
            writer.join();
            assertThat(received).startsWith(sent).hasSize(sent.length + 1).endsWith(7);
        });
    }

    @EachStream
    void transferToCopiesEverythingUpToTheEnd(StreamSetting setting) throws Exception {
        byte[] sent = Bytes.pattern(200_000);
        setting.run((source, sink) -> {
            ByteBuffer copy = ByteBuffer.allocate(sent.length + 10);
            Fiber.start(() -> {
                sink.write(Bytes.of("line\n"));
                sink.write(ByteBuffer.wrap(sent));
                sink.close();
            });
            ByteBuffer line = ByteBuffer.allocate(100);
            source.readUntil(line, '\n');
            assertThat(source.transferTo(new Collector(copy))).isEqualTo(sent.length);
            assertThat(copy.flip()).isEqualTo(ByteBuffer.wrap(sent));
        });
    }

    private record Collector(ByteBuffer target) implements WritableByteChannel {
        @Override
        public int write(ByteBuffer source) {
            int count = Math.min(source.remaining(), 1000);
            target.put(source.slice().limit(count));
            source.position(source.position() + count);
            return count;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {
            throw new AssertionError("it is not the stream's to close");
        }
    }

    @EachStream
    void linesComeWithoutTheirEnds(StreamSetting setting) throws Exception {
        setting.run((source, sink) -> {
            sink.write(Bytes.of("one\r\n\ntwo\nrest"));
            sink.close();
            assertThat(source.lines(UTF_8, 100)).containsExactly("one", "", "two", "rest");
        });
    }
}
