package dev.volokno.tty;

import static dev.volokno.support.Waiting.awaitParked;
import static dev.volokno.support.Waiting.untilParked;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.volokno.DeadlineException;
import dev.volokno.HangUpException;
import dev.volokno.fd.LineTooLongException;
import dev.volokno.fiber.Deadline;
import dev.volokno.fiber.Fiber;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CancellationException;

/** Frames that end with silence. */
class FrameTest {
    private static final Duration SHORT = Duration.ofMillis(5);
    private static final Duration LONG = Duration.ofSeconds(10);

    private interface Use {
        void with(SerialPort port, Pty far) throws Exception;
    }

    private static void onLine(Configuration configuration, Use use) throws Exception {
        configuration.run(() -> {
            try (Pty far = Pty.open();
                    var port = SerialPort.open(far.path(), SerialSettings.of(115_200))) {
                use.with(port, far);
            }
        });
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(UTF_8));
    }

    private static String text(ByteBuffer buffer) {
        return UTF_8.decode(buffer.flip()).toString();
    }

    @EachConfiguration
    void eachComesWholeWhenItIsFollowedBySilence(Configuration configuration) throws Exception {
        onLine(
                configuration,
                (port, far) -> {
                    var buffer = ByteBuffer.allocateDirect(100);
                    for (String frame : new String[] {"first", "x", "third frame"}) {
                        var reader = Fiber.start(() -> port.readFrame(buffer.clear(), SHORT));
                        untilParked(reader);
                        far.write(bytes(frame));
                        assertThat(reader.join()).isEqualTo(frame.length());
                        assertThat(text(buffer)).isEqualTo(frame);
                    }
                });
    }

    @EachConfiguration
    void theSilenceIsCountedFromTheLastByteAndNeverCutShort(Configuration configuration)
            throws Exception {
        var gap = Duration.ofMillis(100);
        onLine(
                configuration,
                (port, far) -> {
                    var buffer = ByteBuffer.allocate(100);
                    var reader =
                            Fiber.start(() -> {
                                port.readFrame(buffer, gap);
                                return System.nanoTime();
                            });
                    long last = 0;
                    for (int i = 0; i < 5; i++) {
                        untilParked(reader);
                        last = System.nanoTime();
                        far.write(bytes("ab"));
                    }
                    assertThat(reader.join() - last).isGreaterThanOrEqualTo(gap.toNanos());
                    assertThat(text(buffer)).isEqualTo("ababababab");
                });
    }

    @EachConfiguration
    void whatALineReadLeftOverBeginsTheFrame(Configuration configuration) throws Exception {
        onLine(
                configuration,
                (port, far) -> {
                    var buffer = ByteBuffer.allocate(100);
                    far.write(bytes("line\nrest"));
                    port.readUntil(buffer, '\n');
                    far.write(bytes(" of it"));
                    port.readFrame(buffer.clear(), SHORT);
                    assertThat(text(buffer)).startsWith("rest");
                });
    }

    @EachConfiguration
    void oneThatFillsTheBufferIsNoneThatIsTooLong(Configuration configuration) throws Exception {
        onLine(
                configuration,
                (port, far) -> {
                    var buffer = ByteBuffer.allocate(4);
                    far.write(bytes("four"));
                    assertThat(port.readFrame(buffer, SHORT)).isEqualTo(4);
                    far.write(bytes("more than four"));
                    assertThatThrownBy(() -> port.readFrame(buffer.clear(), LONG))
                            .isInstanceOf(LineTooLongException.class)
                            .hasMessageContaining("no silence of PT10S in 4 bytes");
                    port.read(buffer.clear());
                    assertThat(text(buffer)).isEqualTo("more");
                });
    }

    @EachConfiguration
    void whoIsCancelledOrOutOfTimeConsumesNothing(Configuration configuration) throws Exception {
        onLine(
                configuration,
                (port, far) -> {
                    var buffer = ByteBuffer.allocate(100);
                    far.write(bytes("begun"));
                    var reader = Fiber.start(() -> port.readFrame(buffer, LONG));
                    awaitParked(reader);
                    reader.cancel();
                    assertThatThrownBy(reader::join).isInstanceOf(CancellationException.class);
                    assertThatThrownBy(() ->
                                    Deadline.within(SHORT, () -> port.readFrame(buffer, LONG)))
                            .isInstanceOf(DeadlineException.class);
                    far.write(bytes(" and ended"));
                    var whole = ByteBuffer.allocate(15);
                    port.readFully(whole);
                    assertThat(text(whole)).isEqualTo("begun and ended");
                });
    }

    @EachConfiguration
    void aHangUpInAFrameLeavesItsBytes(Configuration configuration) throws Exception {
        onLine(
                configuration,
                (port, far) -> {
                    var buffer = ByteBuffer.allocate(100);
                    far.write(bytes("begun"));
                    assertThatThrownBy(() ->
                                    Deadline.within(SHORT, () -> port.readFrame(buffer, LONG)))
                            .isInstanceOf(DeadlineException.class);
                    far.close();
                    assertThatThrownBy(() -> port.readFrame(buffer, LONG))
                            .isInstanceOf(HangUpException.class);
                    assertThat(port.read(buffer)).isEqualTo(5);
                });
    }

    @EachConfiguration
    void aGapOfLessThanNothingIsRefused(Configuration configuration) throws Exception {
        onLine(
                configuration,
                (port, far) ->
                        assertThatThrownBy(() ->
                                        port.readFrame(
                                                ByteBuffer.allocate(8), Duration.ofNanos(-1)))
                                .isInstanceOf(IllegalArgumentException.class)
                                .hasMessageContaining("a gap of PT-0.000000001S"));
    }
}
