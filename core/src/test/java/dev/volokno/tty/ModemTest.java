package dev.volokno.tty;

import static dev.volokno.support.Waiting.untilParked;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.volokno.HangUpException;
import dev.volokno.SystemCallException;
import dev.volokno.fiber.Fiber;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CancellationException;

/** What a pseudo-terminal shows of modem lines and breaks; the rest is in SerialAbiTest. */
class ModemTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    private interface Use {
        void with(SerialPort port, Pty far) throws Exception;
    }

    private static void onLine(Configuration configuration, Use use) throws Exception {
        configuration.run(() -> {
            try (Pty far = Pty.open();
                    var port = SerialPort.open(far.path(), SerialSettings.of(9600))) {
                use.with(port, far);
            }
        });
    }

    @EachConfiguration
    void whereThereAreNoLinesEveryCallSaysSo(Configuration configuration) throws Exception {
        onLine(
                configuration,
                (port, far) -> {
                    assertThatThrownBy(port.modem()::lines)
                            .isInstanceOf(SystemCallException.class)
                            .hasMessageContaining("ioctl(TIOCMGET): ENOTTY on fd")
                            .hasMessageContaining(far.path().toString());
                    assertThatThrownBy(() -> port.modem().awaitChange(ModemLine.CTS))
                            .hasMessageContaining("ioctl(TIOCMGET): ENOTTY");
                    assertThatThrownBy(port::counters).hasMessageContaining("TIOCGICOUNT");
                    assertThatThrownBy(port::rs485).hasMessageContaining("TIOCGRS485");
                    assertThatThrownBy(() -> port.lowLatency(true))
                            .hasMessageContaining("TIOCGSERIAL");
                });
    }

    @EachConfiguration
    void linesOfTheOtherEndAreNotSetAndOursNotWaitedFor(Configuration configuration)
            throws Exception {
        onLine(
                configuration,
                (port, far) -> {
                    assertThatThrownBy(() -> port.modem().raise(ModemLine.RTS, ModemLine.CTS))
                            .isInstanceOf(IllegalArgumentException.class)
                            .hasMessageContaining("CTS");
                    assertThatThrownBy(() -> port.modem().awaitChange(ModemLine.DTR))
                            .isInstanceOf(IllegalArgumentException.class)
                            .hasMessageContaining("DTR");
                    assertThatThrownBy(() -> port.modem().await(ModemLine.RTS, true))
                            .isInstanceOf(IllegalArgumentException.class);
                    assertThatThrownBy(() -> port.modem().awaitChange())
                            .isInstanceOf(IllegalArgumentException.class);
                });
    }

    /** Lines whose changes are counted, as a driver does it. */
    private static final class Counts {
        private final int[] changes = new int[ModemLine.values().length];

        int[] at(ModemLine... lines) {
            var answer = new int[lines.length];
            for (int i = 0; i < lines.length; i++) {
                answer[i] = changes[lines[i].ordinal()];
            }
            return answer;
        }
    }

    private static Fiber<Set<ModemLine>> waiter(SerialPort port, Counts counts) {
        return Fiber.start(
                () -> port.modem().awaitChange(counts::at, ModemLine.CTS, ModemLine.DCD));
    }

    @EachConfiguration
    void whoWaitsLearnsWhichLinesHaveChanged(Configuration configuration) throws Exception {
        onLine(
                configuration,
                (port, far) -> {
                    var counts = new Counts();
                    var waiter = untilParked(waiter(port, counts));
                    counts.changes[ModemLine.DSR.ordinal()]++;
                    counts.changes[ModemLine.DCD.ordinal()] += 2;
                    assertThat(waiter.join()).containsExactly(ModemLine.DCD);
                });
    }

    @EachConfiguration
    void aWaitEndsByCancellationCloseAndHangUp(Configuration configuration) throws Exception {
        onLine(
                configuration,
                (port, far) -> {
                    var cancelled = untilParked(waiter(port, new Counts()));
                    cancelled.cancel();
                    assertThatThrownBy(cancelled::join).isInstanceOf(CancellationException.class);
                    var closed =
                            Fiber.start(() ->
                                    assertThatThrownBy(() -> breakOf(port))
                                            .isInstanceOf(AsynchronousCloseException.class));
                    untilParked(closed);
                    port.close();
                    closed.join();
                });
    }

    private static void breakOf(SerialPort port) throws IOException {
        port.sendBreak(LONG);
    }

    @EachConfiguration
    void aBreakIsNeverShortAndEndsWhenTheLineDoes(Configuration configuration) throws Exception {
        var time = Duration.ofMillis(20);
        onLine(
                configuration,
                (port, far) -> {
                    long before = System.nanoTime();
                    port.sendBreak(time);
                    assertThat(System.nanoTime() - before).isGreaterThanOrEqualTo(time.toNanos());
                    var hungUp =
                            Fiber.start(() ->
                                    assertThatThrownBy(() -> breakOf(port))
                                            .isInstanceOf(HangUpException.class));
                    untilParked(hungUp);
                    far.close();
                    hungUp.join();
                });
    }

    @EachConfiguration
    void aBreakOfLessThanNothingIsRefusedAndNoneIsMade(Configuration configuration)
            throws Exception {
        onLine(
                configuration,
                (port, far) ->
                        assertThatThrownBy(() -> port.sendBreak(Duration.ofMillis(-5)))
                                .isInstanceOf(IllegalArgumentException.class)
                                .hasMessageContaining("PT-0.005S"));
    }
}
