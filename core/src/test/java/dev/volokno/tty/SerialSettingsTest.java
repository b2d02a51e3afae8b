package dev.volokno.tty;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.volokno.SystemCallException;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
import dev.volokno.tty.SerialSettings.FlowControl;
import dev.volokno.tty.SerialSettings.Parity;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What others see of a port's settings: by stty(1), which knows termios from its own side. */
class SerialSettingsTest {
    private static String stty(Path port, String... arguments) throws IOException {
        var command = new ArrayList<>(List.of("stty", "-F", port.toString()));
        command.addAll(List.of(arguments));
        var stty = new ProcessBuilder(command).redirectErrorStream(true).start();
        return new String(stty.getInputStream().readAllBytes(), UTF_8);
    }

    @EachConfiguration
    void aPortIsRawWhileOpenAndAsBeforeAfterwards(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (Pty far = Pty.open()) {
                stty(far.path(), "1200", "erase", "^H", "-cread");
                String before = stty(far.path(), "-a");
                try (var port = SerialPort.open(far.path(), SerialSettings.of(115_200))) {
                    assertThat(stty(far.path(), "-a"))
                            .contains("speed 115200 baud", "min = 1", "time = 0")
                            .contains(" cs8", " cread", " clocal", "-parenb", "-cstopb", "-crtscts")
                            .contains("-icanon", "-echo ", "-isig", "-iexten", "-opost", "-ixon")
                            .contains("-icrnl", "-inlcr", "-istrip", "-brkint", "-inpck");
                    assertThat(port.settings()).isEqualTo(SerialSettings.of(115_200));
                }
                assertThat(stty(far.path(), "-a")).isEqualTo(before);
            }
        });
    }

    @Test
    void flowControlAndStopBitsReachTheDriver() throws Exception {
        var settings =
                SerialSettings.of(9600).withStopBits(2).withFlowControl(FlowControl.XON_XOFF);
        Configuration.EPOLL.run(() -> {
            try (Pty far = Pty.open();
                    var port = SerialPort.open(far.path(), settings)) {
                assertThat(stty(far.path(), "-a"))
                        .contains("speed 9600", " cstopb", " ixon", " ixoff", "start = ^Q");
                port.configure(settings.withFlowControl(FlowControl.RTS_CTS).withStopBits(1));
                assertThat(stty(far.path(), "-a"))
                        .contains("-cstopb", "-ixon", "-ixoff", " crtscts");
                assertThat(port.settings().flowControl()).isEqualTo(FlowControl.RTS_CTS);
            }
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {50, 300, 31_250, 74_880, 250_000, 4_000_000, 12_000_000})
    void anyRateCanBeHad(int baud) throws Exception {
        Configuration.EPOLL.run(() -> {
            try (Pty far = Pty.open();
                    var port = SerialPort.open(far.path(), SerialSettings.of(baud))) {
                var line = new LineSettings();
                port.fd().descriptor().call("ioctl(TCGETS2)", line::load);
                assertThat(line.baud()).isEqualTo(baud);
            }
        });
    }

    @EachConfiguration
    void whatTheDriverIgnoresIsAnErrorThatNamesIt(Configuration configuration) throws Exception {
        var seven = SerialSettings.of(9600).withDataBits(7);
        var even = SerialSettings.of(9600).withParity(Parity.EVEN);
        configuration.run(() -> {
            try (Pty far = Pty.open()) {
                String before = stty(far.path(), "-a");
                // A pseudo-terminal knows bytes of 8 bits only.
                assertThatThrownBy(() -> SerialPort.open(far.path(), seven))
                        .isInstanceOf(SystemCallException.class)
                        .hasMessageContaining("ioctl(TCSETS2): EINVAL on fd")
                        .hasMessageContaining(far.path().toString())
                        .hasMessageContaining("8 data bits instead of 7");
                assertThatThrownBy(() -> SerialPort.open(far.path(), even))
                        .hasMessageContaining("another parity than EVEN");
                assertThat(stty(far.path(), "-a")).isEqualTo(before);
            }
        });
    }

    @Test
    void whatNoLineCanHaveIsRefusedAtOnce() {
        var settings = SerialSettings.of(9600);
        assertThatThrownBy(() -> SerialSettings.of(0)).hasMessageContaining("0");
        assertThatThrownBy(() -> settings.withDataBits(9)).hasMessageContaining("9");
        assertThatThrownBy(() -> settings.withStopBits(3)).hasMessageContaining("3");
        assertThat(settings.withBaud(300).nanosOf(30)).isEqualTo(1_000_000_000);
    }
}
