package dev.volokno.fd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.volokno.DeadlineException;
import dev.volokno.fiber.Fiber;
import dev.volokno.support.EachStream;
import dev.volokno.support.StreamSetting;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;

/** Streams of bytes under deadlines that cut reads and writes short at random moments. */
@Tag("soak")
class StreamSoakTest {
    private static final long BYTES = 500_000_000;
    private static final int CHUNK = 100_000;
    private static final int LONGEST_MICROS = 300;

    @EachStream
    @Timeout(600)
    void everyByteComesOnceAndInOrderThoughDeadlinesCutIn(StreamSetting setting) throws Exception {
        long seed = System.nanoTime();
        setting.run((source, sink) -> {
            Fiber.start(() -> {
                write(sink, new Random(seed));
                sink.close();
            });
            long received = read(source, new Random(seed + 1));
            assertThat(received).as("seed " + seed).isEqualTo(BYTES);
        });
    }

    private static void write(ByteStream sink, Random random) throws IOException {
        ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK);
        long sent = 0;
        while (sent < BYTES) {
            int length = (int) Math.min(1 + random.nextInt(CHUNK), BYTES - sent);
            chunk.clear();
            for (int i = 0; i < length; i++) {
                chunk.put(byteAt(sent + i));
            }
            chunk.flip();
            while (chunk.hasRemaining()) {
                try {
                    sink.write(chunk, moment(random));
                } catch (DeadlineException e) {
                    Fiber.checkpoint();
                }
            }
            sent += length;
        }
    }

    private static long read(ByteStream source, Random random) throws IOException {
        ByteBuffer heap = ByteBuffer.allocate(CHUNK);
        ByteBuffer direct = ByteBuffer.allocateDirect(CHUNK);
        long received = 0;
        while (true) {
            ByteBuffer target = (random.nextBoolean() ? heap : direct).clear();
            target.limit(1 + random.nextInt(CHUNK));
            try {
                if (source.read(target, moment(random)) < 0) {
                    return received;
                }
            } catch (DeadlineException e) {
                assertThat(target.position()).isZero();
            }
            received = checked(target.flip(), received);
        }
    }

    private static long checked(ByteBuffer bytes, long start) {
        long position = start;
        while (bytes.hasRemaining()) {
            if (bytes.get() != byteAt(position)) {
                throw new AssertionError("wrong byte at " + position);
            }
            position++;
        }
        return position;
    }

    private static byte byteAt(long position) {
        return (byte) (position % 251 + position / 65_536);
    }

    private static Duration moment(Random random) {
        return Duration.ofNanos(1_000L * random.nextInt(LONGEST_MICROS));
    }
}
