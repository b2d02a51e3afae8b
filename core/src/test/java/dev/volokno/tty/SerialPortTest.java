package dev.volokno.tty;

import static dev.volokno.support.Waiting.awaitParked;
import static dev.volokno.support.Waiting.untilParked;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.volokno.CancelledException;
import dev.volokno.DeadlineException;
import dev.volokno.HangUpException;
import dev.volokno.SystemCallException;
import dev.volokno.backend.EpollBackend;
import dev.volokno.backend.Kernel;
import dev.volokno.fiber.Fiber;
import dev.volokno.linux.Poll;
import dev.volokno.loop.Loop;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
import dev.volokno.support.TestLibc;
import dev.volokno.support.Waiting;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

class SerialPortTest {
    private static final SerialSettings SETTINGS = SerialSettings.of(115_200);

    /** A port, and the other end of its line. */
    private interface Use {
        void with(SerialPort port, Pty far) throws Exception;
    }

    private static void onLine(Configuration configuration, Use use) throws Exception {
        configuration.run(() -> {
            try (Pty far = Pty.open();
                    var port = SerialPort.open(far.path(), SETTINGS)) {
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

    /** A fiber whose failure is its result, so that its scope does not fail with it. */
    private static Fiber<Throwable> failing(Callable<?> body) {
        return Fiber.start(() -> {
            try {
                return new AssertionError("it returned " + body.call());
            } catch (IOException e) {
                return e;
            }
        });
    }

    @EachConfiguration
    void bytesPassBothWaysAsTheyAre(Configuration configuration) throws Exception {
        var every = new byte[256];
        for (int i = 0; i < every.length; i++) {
            every[i] = (byte) i;
        }
        onLine(
                configuration,
                (port, far) -> {
                    var there = ByteBuffer.allocate(every.length);
                    var back = ByteBuffer.allocateDirect(every.length);
                    far.write(ByteBuffer.wrap(every));
                    port.readFully(back);
                    port.write(back.flip());
                    far.readFully(there);
                    assertThat(there.array()).isEqualTo(every);
                });
    }

    @EachConfiguration
    void waitsForTheFirstByteAndTakesWhatIsThere(Configuration configuration) throws Exception {
        onLine(
                configuration,
                (port, far) -> {
                    var buffer = ByteBuffer.allocate(100);
                    var reader = Fiber.start(() -> port.read(buffer));
                    awaitParked(reader);
                    assertThat(port.tryRead(buffer)).isZero();
                    far.write(bytes("ab"));
                    assertThat(reader.join()).isPositive();
                });
    }

    @EachConfiguration
    void aReaderAndAWriterOfAClosedPortAreSentAway(Configuration configuration) throws Exception {
        onLine(
                configuration,
                (port, far) -> {
                    var reader = failing(() -> port.read(ByteBuffer.allocate(1)));
                    var writer = failing(() -> port.write(ByteBuffer.allocate(1 << 20)));
                    awaitParked(reader, writer);
                    port.close();
                    assertThat(reader.join()).isInstanceOf(AsynchronousCloseException.class);
                    assertThat(writer.join()).isInstanceOf(AsynchronousCloseException.class);
                    assertThatThrownBy(() -> port.read(ByteBuffer.allocate(1)))
                            .isInstanceOf(ClosedChannelException.class);
                });
    }

    @EachConfiguration
    void aCancelledReadLeavesThePortUsable(Configuration configuration) throws Exception {
        onLine(
                configuration,
                (port, far) -> {
                    var line = ByteBuffer.allocate(100);
                    far.write(bytes("half"));
                    assertThatThrownBy(() -> port.readUntil(line, '\n', Duration.ofMillis(20)))
                            .isInstanceOf(DeadlineException.class);
                    var cancelled = Fiber.start(() -> port.readUntil(line, '\n'));
                    awaitParked(cancelled);
                    cancelled.cancel();
                    assertThatThrownBy(cancelled::join).isInstanceOf(CancellationException.class);
                    far.write(bytes(" and half\n"));
                    port.readUntil(line, '\n');
                    assertThat(text(line)).isEqualTo("half and half\n");
                });
    }

    @EachConfiguration
    void aStoppedLineHoldsAWriteBackUntilItGoesOnOrIsCancelled(Configuration configuration)
            throws Exception {
        onLine(
                configuration,
                (port, far) -> {
                    Lines.stopOutput(port);
                    assertThatThrownBy(() -> port.write(bytes("never"), Duration.ofMillis(20)))
                            .isInstanceOf(DeadlineException.class);
                    var writer = Fiber.start(() -> port.write(bytes("late")));
                    awaitParked(writer);
                    Lines.startOutput(port);
                    assertThat(writer.join()).isEqualTo(4);
                    var got = ByteBuffer.allocate(4);
                    far.readFully(got);
                    assertThat(text(got)).isEqualTo("late");
                });
    }

    @EachConfiguration
    void closingAStoppedLineReturns(Configuration configuration) throws Exception {
        onLine(
                configuration,
                (port, far) -> {
                    Lines.stopOutput(port);
                    var writer = failing(() -> port.write(bytes("never")));
                    awaitParked(writer);
                    port.close();
                    assertThat(writer.join()).isInstanceOf(AsynchronousCloseException.class);
                });
    }

    @EachConfiguration
    void everyWaiterLearnsOfAHangUp(Configuration configuration) throws Exception {
        onLine(
                configuration,
                (port, far) -> {
                    Lines.stopOutput(port);
                    var reader = failing(() -> port.read(ByteBuffer.allocateDirect(1)));
                    var second = failing(() -> port.read(ByteBuffer.allocate(1)));
                    var writer = failing(() -> port.write(bytes("x")));
                    awaitParked(reader, second, writer);
                    far.close();
                    for (var waiter : List.of(reader, second, writer)) {
                        assertThat(waiter.join())
                                .isInstanceOf(HangUpException.class)
                                .hasMessageContaining("EIO on fd ")
                                .hasMessageContaining(far.path().toString());
                    }
                    assertThatThrownBy(() -> port.read(ByteBuffer.allocate(1)))
                            .isInstanceOf(HangUpException.class);
                    assertThatThrownBy(port::drain).isInstanceOf(HangUpException.class);
                });
    }

    @EachConfiguration
    void whatHadArrivedComesBeforeTheHangUp(Configuration configuration) throws Exception {
        onLine(
                configuration,
                (port, far) -> {
                    var buffer = ByteBuffer.allocate(100);
                    far.write(bytes("one\ntwo"));
                    port.readUntil(buffer, '\n');
                    far.close();
                    assertThatThrownBy(() -> port.readUntil(buffer, '\n'))
                            .isInstanceOf(HangUpException.class);
                    assertThat(port.read(buffer)).isEqualTo(3);
                    assertThat(text(buffer)).isEqualTo("one\ntwo");
                    assertThatThrownBy(() -> port.read(buffer.clear()))
                            .isInstanceOf(HangUpException.class);
                });
    }

    @EachConfiguration
    void discardedInputIsGoneLeftOverBytesToo(Configuration configuration) throws Exception {
        onLine(
                configuration,
                (port, far) -> {
                    var buffer = ByteBuffer.allocate(100);
                    far.write(bytes("one\nleft over"));
                    port.readUntil(buffer, '\n');
                    port.discardInput();
                    port.discardOutput();
                    far.write(bytes("new\n"));
                    port.readUntil(buffer.clear(), '\n');
                    assertThat(text(buffer)).isEqualTo("new\n");
                    port.drain();
                });
    }

    @EachConfiguration
    void whatIsNoPortIsRefusedWithCallErrnoAndPath(Configuration configuration) throws Exception {
        configuration.run(() -> {
            assertThatThrownBy(() -> SerialPort.open("/dev/no-such-port", SETTINGS))
                    .isInstanceOf(NoSuchFileException.class)
                    .hasMessageContaining("open: ENOENT on /dev/no-such-port")
                    .hasCauseInstanceOf(SystemCallException.class);
            assertThatThrownBy(() -> SerialPort.open("/dev/null", SETTINGS))
                    .isInstanceOf(SystemCallException.class)
                    .hasMessageContaining("ENOTTY")
                    .hasMessageContaining("/dev/null");
        });
    }

    @EachConfiguration
    void aFiberThatIsCancelledWhileOpeningLeavesNothingOpen(Configuration configuration)
            throws Exception {
        configuration.run(() -> {
            try (Pty far = Pty.open()) {
                var opener = Fiber.start(() -> SerialPort.open(far.path(), SETTINGS));
                awaitParked(opener);
                opener.cancel();
                try (SerialPort opened = opener.join()) {
                    // Beside the loop's thread the opening may have ended first, and that wins.
                    assertThat(configuration.confined()).as("cancelled too late").isFalse();
                    assertThat(opened.isOpen()).isTrue();
                } catch (CancellationException cancelled) {
                    assertThat(cancelled).hasCauseInstanceOf(CancelledException.class);
                }
            }
        });
    }

    /** A pseudo-terminal tells of room then, which only a writer who waits wants to know. */
    @Test
    void aReaderIsNotWokenWhenTheOtherEndReads() throws Exception {
        onLine(
                Configuration.EPOLL,
                (port, far) -> {
                    var reader = untilParked(Fiber.start(() -> port.read(ByteBuffer.allocate(8))));
                    port.write(bytes("x"));
                    far.fd()
                            .use(n -> {
                                Waiting.until(() -> TestLibc.waitingBytes(n) > 0);
                                return TestLibc.readByte(n);
                            });
                    boolean woken = hasEvents();
                    far.write(bytes("y"));
                    assertThat(reader.join()).isEqualTo(1);
                    assertThat(woken).isFalse();
                });
    }

    private static boolean hasEvents() {
        var backend = (EpollBackend) Loop.current().engine().backend();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = Kernel.newErrno(arena);
            return Poll.now(errno, Kernel.scratch(errno), backend.number(), Poll.POLLIN) != 0;
        }
    }
}
