package dev.volokno.fd;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.volokno.fiber.Fiber;
import dev.volokno.loop.LateLoops;
import dev.volokno.loop.Loop;
import dev.volokno.loop.LoopOptions;
import dev.volokno.support.Bytes;
import dev.volokno.support.StreamKind;
import java.nio.ByteBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Streams over which every call transfers one byte, a turn late. */
class ByteByByteTest {
    @ParameterizedTest
    @CsvSource({
        "io_uring, PIPE", "io_uring, TCP", "io_uring, ADOPTED_UNIX",
        "epoll, PIPE", "epoll, TCP", "epoll, ADOPTED_UNIX"
    })
    void writesAreWholeAndReadsFindEveryByteInItsPlace(String backend, StreamKind kind)
            throws Exception {
        Loop.run(
                LateLoops.byByte(LoopOptions.defaults().withBackend(backend)),
                () -> {
                    try (var pair = kind.open()) {
                        byte[] sent = Bytes.pattern(3_000);
                        var writer =
                                Fiber.start(() -> {
                                    pair.sink().write(Bytes.of("12"));
                                    pair.sink().write(Bytes.of("a line\nanother\n"));
                                    pair.sink().write(direct(sent));
                                    pair.sink().write(ByteBuffer.wrap(sent));
                                    pair.sink()
                                            .write(
                                                    new ByteBuffer[] {
                                                        Bytes.of("to"), Bytes.of("gether")
                                                    });
                                    pair.sink().close();
                                });
                        readAll(pair.source(), sent);
                        writer.join();
                    }
                });
    }

    private static ByteBuffer direct(byte[] bytes) {
        return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    }

    private static void readAll(ByteStream source, byte[] sent) throws Exception {
        assertThat(Bytes.read(source)).isEqualTo("1");
        assertThat(Bytes.read(source)).isEqualTo("2");
        ByteBuffer line = ByteBuffer.allocate(20);
        assertThat(source.readUntil(line, '\n')).isEqualTo(7);
        assertThat(Bytes.text(line)).isEqualTo("a line\n");
        assertThat(source.readUntil(line, '\n')).isEqualTo(8);
        ByteBuffer target = ByteBuffer.allocateDirect(sent.length);
        source.readFully(target);
        assertThat(target.flip()).isEqualTo(ByteBuffer.wrap(sent));
        ByteBuffer onHeap = ByteBuffer.allocate(sent.length);
        source.readFully(onHeap);
        assertThat(onHeap.array()).isEqualTo(sent);
        assertThat(new String(source.inputStream().readAllBytes(), UTF_8)).isEqualTo("together");
    }
}
