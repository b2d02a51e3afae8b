package dev.volokno.tty;

import static dev.volokno.support.Waiting.awaitParked;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.volokno.fd.ByteStream;
import dev.volokno.fiber.Fiber;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class PtyTest {
    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(UTF_8));
    }

    @EachConfiguration
    void theEndComesAfterTheLastByteOfTheLastSlave(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (Pty pty = Pty.open()) {
                pty.makeRaw();
                try (ByteStream slave = pty.openSlave()) {
                    slave.write(bytes("last words"));
                }
                var text = pty.inputStream().readAllBytes();
                assertThat(new String(text, UTF_8)).isEqualTo("last words");
                try (ByteStream again = pty.openSlave()) {
                    again.write(bytes("back"));
                    assertThat(pty.read(ByteBuffer.allocate(10))).isEqualTo(4);
                }
            }
        });
    }

    @EachConfiguration
    void aParkedReaderLearnsThatTheSlaveIsClosed(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (Pty pty = Pty.open()) {
                ByteStream slave = pty.openSlave();
                var reader = Fiber.start(() -> pty.read(ByteBuffer.allocateDirect(10)));
                awaitParked(reader);
                slave.close();
                assertThat(reader.join()).isEqualTo(-1);
            }
        });
    }

    @EachConfiguration
    void theSlaveEndsWithItsMaster(Configuration configuration) throws Exception {
        configuration.run(() -> {
            Pty pty = Pty.open();
            try (ByteStream slave = pty.openSlave()) {
                var reader = Fiber.start(() -> slave.read(ByteBuffer.allocate(1)));
                awaitParked(reader);
                pty.close();
                assertThat(reader.join()).isEqualTo(-1);
            }
        });
    }

    @EachConfiguration
    void aTerminalForHumansEchoesAndTranslates(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (Pty pty = Pty.open();
                    ByteStream slave = pty.openSlave()) {
                pty.write(bytes("typed\r"));
                var line = ByteBuffer.allocate(20);
                slave.readUntil(line, '\n');
                assertThat(UTF_8.decode(line.flip()).toString()).isEqualTo("typed\n");
                pty.readUntil(line.clear(), '\n');
                assertThat(UTF_8.decode(line.flip()).toString()).isEqualTo("typed\r\n");
            }
        });
    }

    @Test
    void aSizeThatTheKernelCannotHoldIsRefused() {
        for (int wrong : new int[] {-1, 65_536, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
            assertThatThrownBy(() -> new Pty.Size(wrong, 80))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("no terminal has " + wrong + " by 80");
            assertThatThrownBy(() -> new Pty.Size(24, wrong))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @EachConfiguration
    void bothSidesSeeItsSize(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (Pty pty = Pty.open()) {
                assertThat(pty.size()).isEqualTo(new Pty.Size(0, 0));
                pty.resize(new Pty.Size(50, 40_000));
                assertThat(pty.size()).isEqualTo(new Pty.Size(50, 40_000));
                assertThat(pty.path()).exists();
            }
        });
    }
}
