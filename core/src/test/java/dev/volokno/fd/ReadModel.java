package dev.volokno.fd;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.volokno.CancelledException;
import dev.volokno.DeadlineException;
import dev.volokno.fiber.Action;
import dev.volokno.fiber.Deadline;
import dev.volokno.fiber.Fiber;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Iterator;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Future;

/**
 * The bytes that were sent, and how many of them came out: each call on the stream must bring the
 * next of them, or none and say why.
 */
final class ReadModel {
    private static final byte DELIMITER = '\n';

    private final byte[] sent;
    private int taken;

    ReadModel(byte[] sent) {
        this.sent = sent;
    }

    /** Makes the call, interrupted as the step wants it. */
    void take(ByteStream source, ReadStep step) throws Exception {
        Action<Exception> call = () -> call(source, step);
        switch (step.interruption()) {
            case ReadStep.Interruption.None _ -> call.run();
            case ReadStep.Interruption.Timeout(var allowed) -> {
                try {
                    Deadline.within(allowed, call);
                } catch (DeadlineException late) {
                    assertThat(late).hasNoCause();
                }
            }
            case ReadStep.Interruption.Cancellation(int yields) -> {
                Fiber<Void> fiber = Fiber.start(call);
                for (int i = 0; i < yields; i++) {
                    Fiber.yield();
                }
                fiber.cancel();
                awaitEnd(fiber);
            }
        }
    }

    private static void awaitEnd(Fiber<Void> fiber) throws Exception {
        try {
            fiber.join();
        } catch (CancellationException e) {
            assertThat(fiber.state()).isEqualTo(Future.State.CANCELLED);
        }
    }

    /** Takes what is left, and then the end of the stream. */
    void takeRest(ByteStream source) throws IOException {
        var target = ByteBuffer.allocateDirect(10_000);
        while (source.read(target.clear()) >= 0) {
            came(target);
        }
        assertThat(taken).as("bytes that came before the end").isEqualTo(sent.length);
        assertThat(source.read(target.clear())).as("a read after the end").isEqualTo(-1);
    }

    private void call(ByteStream source, ReadStep step) throws IOException {
        ByteBuffer target =
                step.room() % 2 == 0
                        ? ByteBuffer.allocateDirect(step.room())
                        : ByteBuffer.allocate(step.room());
        switch (step.call()) {
            case READ -> count(source.read(target), target, 1);
            case TRY_READ -> count(source.tryRead(target), target, 0);
            case READ_FULLY -> readFully(source, target);
            case READ_UNTIL -> readUntil(source, target);
            case LINE -> line(source, step.room());
        }
    }

    private void count(int count, ByteBuffer target, int least) {
        if (count < 0) {
            assertThat(taken).as("bytes before the end").isEqualTo(sent.length);
        } else {
            assertThat(count).isGreaterThanOrEqualTo(least).isEqualTo(target.position());
        }
        came(target);
    }

    private void readFully(ByteStream source, ByteBuffer target) throws IOException {
        try {
            source.readFully(target);
            assertThat(target.hasRemaining()).as("room left by readFully").isFalse();
            came(target);
        } catch (EOFException end) {
            came(target);
            assertThat(taken).as("bytes before the end").isEqualTo(sent.length);
        } catch (CancelledException e) {
            assertThat(e.transferred()).isEqualTo(target.position());
            came(target);
            throw e;
        }
    }

    private void readUntil(ByteStream source, ByteBuffer target) throws IOException {
        int expected = lineLength();
        try {
            int count = source.readUntil(target, DELIMITER);
            assertThat(count).isEqualTo(expected == 0 ? -1 : expected);
            came(target);
        } catch (LineTooLongException e) {
            assertThat(holdsLine(target.capacity()))
                    .as("%d bytes hold the line", target.capacity())
                    .isFalse();
            assertThat(target.position()).as("consumed of a too long line").isZero();
        } catch (CancelledException e) {
            assertThat(target.position()).as("consumed by a cancelled readUntil").isZero();
            throw e;
        }
    }

    private void line(ByteStream source, int max) throws IOException {
        int expected = lineLength();
        Iterator<String> lines = source.lines(ISO_8859_1, max).iterator();
        try {
            if (!lines.hasNext()) {
                assertThat(expected).as("the line's length at the end").isZero();
                return;
            }
        } catch (UncheckedIOException e) {
            assertThat(e).hasCauseInstanceOf(LineTooLongException.class);
            assertThat(holdsLine(max)).as("%d bytes hold the line", max).isFalse();
            return;
        }
        String line = new String(sent, taken, expected, ISO_8859_1);
        assertThat(lines.next()).isEqualTo(line.replaceFirst("\r?\n\\z", ""));
        taken += expected;
    }

    /** How long the next line is, its end or that of the stream included. */
    private int lineLength() {
        int end = taken;
        while (end < sent.length && sent[end] != DELIMITER) {
            end++;
        }
        return Math.min(end + 1, sent.length) - taken;
    }

    /**
     * Whether so much room is enough. For a line without an end it has to be more than the line: a
     * full buffer without a delimiter cannot know that the stream ends there.
     */
    private boolean holdsLine(int room) {
        int length = lineLength();
        boolean terminated = length > 0 && sent[taken + length - 1] == DELIMITER;
        return terminated ? length <= room : length < room;
    }

    private void came(ByteBuffer target) {
        var bytes = new byte[target.flip().remaining()];
        target.get(bytes);
        assertThat(taken + bytes.length).isLessThanOrEqualTo(sent.length);
        assertThat(bytes)
                .as("bytes from %d on", taken)
                .isEqualTo(Arrays.copyOfRange(sent, taken, taken + bytes.length));
        taken += bytes.length;
    }
}
