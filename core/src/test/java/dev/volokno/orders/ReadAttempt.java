package dev.volokno.orders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.volokno.SystemCallException;
import dev.volokno.fiber.Deadline;
import dev.volokno.support.Bytes;
import dev.volokno.support.StreamPair;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;

/** A read of a few bytes. */
final class ReadAttempt extends Attempt {
    private static final String DATA = "data";

    private final ByteBuffer target = ByteBuffer.allocateDirect(100);

    ReadAttempt(StreamPair pair, Duration allowed) {
        super(pair, allowed);
    }

    @Override
    boolean call() throws IOException {
        return pair.source().read(target) > 0;
    }

    @Override
    void arrive() throws IOException {
        pair.sink().write(Bytes.of(DATA));
    }

    @Override
    void close() throws IOException {
        pair.source().close();
    }

    @Override
    void hangUp() throws IOException {
        pair.sink().close();
    }

    @Override
    void check(Order order, Outcome outcome, Line line) throws IOException {
        int sent = arrived ? DATA.length() : 0;
        assertThat(target.position() > 0)
                .as("something was read")
                .isEqualTo(outcome == Outcome.DONE);
        if (order.has(Happening.CLOSE)) {
            assertThatThrownBy(() -> pair.source().read(target))
                    .isInstanceOf(ClosedChannelException.class);
        } else if (order.has(Happening.HANG_UP)) {
            takeAll();
            if (!line.forgets()) {
                assertThat(target.position()).as("bytes that came out").isEqualTo(sent);
            }
        } else {
            // The stream is as good as before.
            pair.sink().write(Bytes.of("!"));
            Deadline.within(
                    Duration.ofSeconds(5), () -> pair.source().readFully(target.limit(sent + 1)));
            assertThat(pair.source().tryRead(target.limit(100))).isZero();
            assertThat(Bytes.text(target)).isEqualTo((sent > 0 ? DATA : "") + "!");
        }
    }

    private void takeAll() throws IOException {
        try {
            while (pair.source().read(target, Duration.ofSeconds(5)) > 0) {
                assertThat(target.hasRemaining()).isTrue();
            }
        } catch (SystemCallException hungUp) {
            assertThat(hungUp).hasMessageContaining("EIO");
        }
    }
}
