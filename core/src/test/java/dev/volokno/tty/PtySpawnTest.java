package dev.volokno.tty;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.volokno.process.ChildProcess;
import dev.volokno.process.Command;
import dev.volokno.process.Signal;
import dev.volokno.support.Bytes;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
import java.nio.ByteBuffer;

/** Programs that run on a pseudo-terminal. */
class PtySpawnTest {
    private static String line(Pty pty) throws Exception {
        var line = ByteBuffer.allocateDirect(1000);
        pty.readUntil(line, '\n');
        var bytes = new byte[line.flip().remaining()];
        line.get(bytes);
        return new String(bytes, US_ASCII).strip();
    }

    @EachConfiguration
    void aProgramLeadsASessionWhoseTerminalItIs(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (var pty = Pty.open();
                    var child = pty.spawn(Command.shell("tty; cut -d' ' -f5,6,8 /proc/$$/stat"))) {
                assertThat(line(pty)).isEqualTo(pty.path().toString());
                assertThat(line(pty).split(" ")).containsOnly(String.valueOf(child.pid()));
                assertThat(child.awaitExit().succeeded()).isTrue();
            }
        });
    }

    @EachConfiguration
    void itsEndIsFoundAfterItsLastByte(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (var pty = Pty.open();
                    var child = pty.spawn("sh", "-c", "yes 123456789 | head -n 20000")) {
                var piece = ByteBuffer.allocateDirect(1 << 16);
                int count = 0;
                int read = pty.read(piece);
                while (read >= 0) {
                    count += read;
                    read = pty.read(piece.clear());
                }
                assertThat(count).isEqualTo(20_000 * 11);
                assertThat(child.awaitExit().succeeded()).isTrue();
            }
        });
    }

    @EachConfiguration
    void itLearnsOfANewSizeAndIsEndedByItsKeys(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (var pty = Pty.open()) {
                pty.resize(new Pty.Size(10, 20));
                var script = "trap 'stty size' WINCH; stty size; while :; do read x; done";
                try (var child = pty.spawn(Command.shell(script))) {
                    assertThat(line(pty)).isEqualTo("10 20");
                    pty.resize(new Pty.Size(30, 40));
                    assertThat(line(pty)).isEqualTo("30 40");
                    pty.write(Bytes.of("\u0003"));
                    assertThat(child.awaitExit().signal()).contains(Signal.INT);
                }
            }
        });
    }

    @EachConfiguration
    void closingTheMasterHangsItUp(Configuration configuration) throws Exception {
        configuration.run(() -> {
            ChildProcess hungUp;
            try (var pty = Pty.open()) {
                hungUp = pty.spawn(Command.shell("echo r; exec sleep 1000"));
                assertThat(line(pty)).isEqualTo("r");
            }
            try (hungUp) {
                assertThat(hungUp.awaitExit().signal()).contains(Signal.HUP);
            }
        });
    }
}
