package dev.volokno.orders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.volokno.fiber.Fiber;
import dev.volokno.support.Bytes;
import dev.volokno.support.StreamPair;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ExecutionException;

/** A write of more than there is room for, to a stream that is full. */
final class WriteAttempt extends Attempt {
    private static final byte[] BYTES = Bytes.pattern(10_000);

    private final ByteBuffer source = ByteBuffer.wrap(BYTES);
    private final ByteBuffer some = ByteBuffer.allocate(65_536);
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    private int filled;

    WriteAttempt(StreamPair pair, Duration allowed) throws IOException {
        super(pair, allowed);
        int more = 1;
        while (more > 0) {
            more = pair.sink().tryWrite(some.clear());
            filled += more;
        }
        while (pair.sink().tryWrite(some.clear().limit(1)) > 0) {
            filled++;
        }
    }

    @Override
    boolean call() throws IOException {
        pair.sink().write(source);
        return true;
    }

    @Override
    void arrive() throws IOException {
        int count = 0;
        while (!hasEnded() && count >= 0) {
            count = take();
            if (count == 0) {
                pause();
            }
        }
    }

    private int take() throws IOException {
        int count = pair.source().tryRead(some.clear());
        received.write(some.array(), 0, some.position());
        return count;
    }

    @Override
    void close() throws IOException {
        pair.sink().close();
    }

    @Override
    void hangUp() throws IOException {
        pair.source().close();
    }

    @Override
    void check(Order order, Outcome outcome, Line line) throws IOException, ExecutionException {
        assertThat(source.hasRemaining())
                .as("something is left")
                .isEqualTo(outcome != Outcome.DONE);
        if (order.has(Happening.CLOSE)) {
            assertThatThrownBy(() -> pair.sink().write(source.limit(BYTES.length).rewind()))
                    .isInstanceOf(ClosedChannelException.class);
        }
        if (order.has(Happening.HANG_UP)) {
            return;
        }
        int written = source.position();
        if (order.has(Happening.CLOSE)) {
            if (line.forgets()) {
                return;
            }
            while (pair.source().read(some.clear(), Duration.ofSeconds(5)) > 0) {
                received.write(some.array(), 0, some.position());
            }
            assertThat(received.size()).isGreaterThanOrEqualTo(filled);
        } else {
            writeRest();
            written = BYTES.length;
            assertThat(received.size()).as("bytes that came out").isEqualTo(filled + written);
        }
        byte[] all = received.toByteArray();
        byte[] ours = Arrays.copyOfRange(all, filled, all.length);
        assertThat(ours).isEqualTo(Arrays.copyOf(BYTES, ours.length));
    }

    /** The stream is as good as before: what is left goes through, once and in its place. */
    private void writeRest() throws IOException, ExecutionException {
        var rest = Fiber.start(() -> pair.sink().write(source));
        while (received.size() < filled + BYTES.length) {
            pair.source().read(some.clear(), Duration.ofSeconds(5));
            received.write(some.array(), 0, some.position());
        }
        rest.join();
    }
}
