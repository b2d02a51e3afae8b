package dev.volokno.tty;

import static dev.volokno.support.Waiting.untilParked;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.volokno.fiber.Fiber;
import dev.volokno.fiber.Scope;
import dev.volokno.linux.Fcntl;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
import dev.volokno.support.Standard;
import dev.volokno.tty.Terminal.Mode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Future;

/** A terminal of this process alone; what needs a session of its own is in TerminalEndTest. */
class TerminalTest {
    private interface Use {
        void with(Terminal terminal, Pty screen) throws Exception;
    }

    private static void onTerminal(Configuration configuration, Use use) throws Exception {
        configuration.run(() -> {
            try (Pty screen = Pty.open();
                    var terminal = Terminal.at(screen.path().toString())) {
                use.with(terminal, screen);
            }
        });
    }

    private static String stty(Path terminal) throws IOException {
        var stty = new ProcessBuilder("stty", "-F", terminal.toString(), "-a");
        return new String(stty.start().getInputStream().readAllBytes(), UTF_8);
    }

    private static String shown(Pty screen, int length) throws IOException {
        var text = ByteBuffer.allocate(length);
        screen.readFully(text);
        return UTF_8.decode(text.flip()).toString();
    }

    @EachConfiguration
    void inRawModeEveryByteComesAndGoesAsItIs(Configuration configuration) throws Exception {
        onTerminal(
                configuration,
                (terminal, screen) -> {
                    terminal.mode(Mode.RAW);
                    screen.write(UTF_8.encode("\3\r\32"));
                    var keys = ByteBuffer.allocate(3);
                    terminal.readFully(keys);
                    assertThat(keys.array()).containsExactly(3, 13, 26);
                    terminal.write(UTF_8.encode("a\n"));
                    assertThat(shown(screen, 2)).isEqualTo("a\n");
                    assertThat(terminal.mode()).isEqualTo(Mode.RAW);
                });
    }

    @EachConfiguration
    void inCbreakModeAKeyComesAtOnceAndKeysAreStillSignals(Configuration configuration)
            throws Exception {
        onTerminal(
                configuration,
                (terminal, screen) -> {
                    terminal.mode(Mode.CBREAK);
                    assertThat(stty(screen.path()))
                            .contains("-icanon", "-echo ")
                            .doesNotContain("-isig", "-opost");
                    screen.write(UTF_8.encode("k"));
                    assertThat(terminal.read(ByteBuffer.allocate(9))).isEqualTo(1);
                });
    }

    @EachConfiguration
    void theModeIsPutOffByCloseAndByAnotherMode(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (Pty screen = Pty.open()) {
                String before = stty(screen.path());
                try (var terminal = Terminal.at(screen.path().toString())) {
                    terminal.mode(Mode.RAW);
                    terminal.mode(Mode.CBREAK);
                    assertThat(stty(screen.path())).contains("-icanon").doesNotContain("-opost");
                    terminal.mode(Mode.COOKED);
                    assertThat(stty(screen.path())).isEqualTo(before);
                    terminal.mode(Mode.RAW);
                }
                assertThat(stty(screen.path())).isEqualTo(before);
            }
        });
    }

    @EachConfiguration
    void whatEntersAndLeavesTheScreenIsWrittenWithTheMode(Configuration configuration)
            throws Exception {
        configuration.run(() -> {
            try (Pty screen = Pty.open()) {
                try (var terminal = Terminal.at(screen.path().toString())) {
                    terminal.mode(Mode.RAW, "<in>", "<out>");
                    terminal.mode(Mode.CBREAK, "<2>", "<3>");
                }
                assertThat(shown(screen, 15)).isEqualTo("<in><out><2><3>");
            }
        });
    }

    @EachConfiguration
    void aReadInRawModeIsCancelledAndTakesNothing(Configuration configuration) throws Exception {
        onTerminal(
                configuration,
                (terminal, screen) -> {
                    terminal.mode(Mode.RAW);
                    var reader =
                            untilParked(Fiber.start(() -> terminal.read(ByteBuffer.allocate(1))));
                    reader.cancel();
                    assertThatThrownBy(reader::join).isInstanceOf(CancellationException.class);
                    screen.write(UTF_8.encode("k"));
                    assertThat(terminal.read(ByteBuffer.allocate(9))).isEqualTo(1);
                });
    }

    @EachConfiguration
    void theModeChangesUnderAReaderWhoGoesOnWaiting(Configuration configuration) throws Exception {
        onTerminal(
                configuration,
                (terminal, screen) -> {
                    terminal.mode(Mode.RAW);
                    var reader =
                            untilParked(Fiber.start(() -> terminal.read(ByteBuffer.allocate(9))));
                    var ready = Fiber.start(() -> terminal.fd().awaitReadable());
                    untilParked(ready);
                    terminal.mode(Mode.COOKED);
                    terminal.mode(Mode.CBREAK);
                    terminal.mode(Mode.RAW);
                    assertThat(ready.state()).isEqualTo(Future.State.RUNNING);
                    screen.write(UTF_8.encode("k"));
                    assertThat(reader.join()).isEqualTo(1);
                    screen.write(UTF_8.encode("k"));
                    ready.join();
                });
    }

    @EachConfiguration
    void whoWaitsForAnotherSizeLearnsOfIt(Configuration configuration) throws Exception {
        onTerminal(
                configuration,
                (terminal, screen) -> {
                    var small = new Pty.Size(24, 80);
                    var large = new Pty.Size(50, 132);
                    screen.resize(small);
                    assertThat(terminal.size()).isEqualTo(small);
                    assertThat(terminal.awaitResize(new Pty.Size(0, 0))).isEqualTo(small);
                    var waiter = untilParked(Fiber.start(() -> terminal.awaitResize(small)));
                    screen.resize(large);
                    // Its news go to the processes that the terminal controls; this is none.
                    long self = ProcessHandle.current().pid();
                    new ProcessBuilder("kill", "-WINCH", Long.toString(self)).start().waitFor();
                    assertThat(waiter.join()).isEqualTo(large);
                });
    }

    @EachConfiguration
    void aHangUpIsTheEndOfInput(Configuration configuration) throws Exception {
        onTerminal(
                configuration,
                (terminal, screen) -> {
                    terminal.mode(Mode.RAW);
                    var reader =
                            untilParked(Fiber.start(() -> terminal.read(ByteBuffer.allocate(1))));
                    screen.close();
                    assertThat(reader.join()).isEqualTo(-1);
                });
    }

    @EachConfiguration
    void theStandardStreamsStayBlockingForOthers(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (Pty screen = Pty.open()) {
                int slave = Standard.open(screen.path().toString(), Fcntl.O_RDWR);
                // Fails if the description's flags have changed.
                Standard.replaced(
                        0,
                        slave,
                        () -> {
                            try (var terminal = Terminal.at("/proc/self/fd/0")) {
                                terminal.mode(Mode.RAW);
                                terminal.write(UTF_8.encode("x"));
                                assertThat(shown(screen, 1)).isEqualTo("x");
                            }
                        });
            }
        });
    }

    @EachConfiguration
    void itsScopeNeedNotWaitForItsClose(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (Pty screen = Pty.open()) {
                var terminal = Scope.run(scope -> Terminal.at(screen.path().toString()));
                terminal.close();
                Terminal.at(screen.path().toString());
            }
        });
    }
}
