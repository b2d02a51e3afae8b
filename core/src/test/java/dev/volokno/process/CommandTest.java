package dev.volokno.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.volokno.fd.ByteStream;
import dev.volokno.fd.Pipe;
import dev.volokno.support.Bytes;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
import dev.volokno.support.TestLibc;
import dev.volokno.tty.Pty;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a child finds. */
class CommandTest {
    @TempDir private Path folder;

    private static String run(Command command) throws Exception {
        return ChildProcess.run(command).text().strip();
    }

    @EachConfiguration
    void theEnvironmentIsOursWithChanges(Configuration configuration) throws Exception {
        configuration.run(() -> {
            assertThat(run(Command.shell("echo $HOME/$NEW").withVariable("NEW", "grün")))
                    .isEqualTo(System.getenv("HOME") + "/grün");
            assertThat(run(Command.shell("echo ${HOME-none}").withoutVariable("HOME")))
                    .isEqualTo("none");
            assertThat(
                            run(
                                    Command.of("/usr/bin/env")
                                            .withEmptyEnvironment()
                                            .withVariable("ONLY", "a b")))
                    .isEqualTo("ONLY=a b");
        });
    }

    @EachConfiguration
    void theDirectoryIsSet(Configuration configuration) throws Exception {
        configuration.run(() ->
                assertThat(run(Command.of("pwd").withDirectory(folder.toRealPath())))
                        .isEqualTo(folder.toRealPath().toString()));
    }

    @EachConfiguration
    void outputAndErrorCanBeExchanged(Configuration configuration) throws Exception {
        configuration.run(() -> {
            Path links = Path.of("/proc/self/fd");
            String one = Files.readSymbolicLink(links.resolve("1")).toString();
            String two = Files.readSymbolicLink(links.resolve("2")).toString();
            // The 1 of readlink itself is 5, so the shell's own is asked for.
            var script = "exec 6>&1 7>&2; for n in 6 7; do readlink /proc/$$/fd/$n >&5; done";
            var command =
                    Command.shell(script)
                            .withStdout(Stdio.inherit(2))
                            .withStderr(Stdio.inherit(1))
                            .withDescriptor(5, Stdio.pipeFromChild());
            var told = new ArrayList<String>();
            try (var child = ChildProcess.spawn(command)) {
                child.stream(5).lines(UTF_8, 1000).forEach(told::add);
            }
            assertThat(told).containsExactly(two, one);
        });
    }

    @EachConfiguration
    void descriptorsOfOursThatCrossComeOutRight(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (var one = Pipe.open();
                    var two = Pipe.open()) {
                int first = one.sink().fd().use(number -> number);
                int second = two.sink().fd().use(number -> number);
                var command =
                        Command.shell(
                                        ("echo x >/proc/$$/fd/%d; echo y >/proc/$$/fd/%d")
                                                .formatted(first, second))
                                .withDescriptor(first, Stdio.inherit(second))
                                .withDescriptor(second, Stdio.inherit(first));
                try (var child = ChildProcess.spawn(command)) {
                    child.awaitExit();
                }
                assertThat(Bytes.read(one.source())).isEqualTo("y\n");
                assertThat(Bytes.read(two.source())).isEqualTo("x\n");
            }
        });
    }

    @EachConfiguration
    void itHasTheDescriptorsThatAreNamedAndNoOthers(Configuration configuration) throws Exception {
        int leaking = TestLibc.fcntl(0, 0, 30);
        try {
            configuration.run(() -> {
                try (var pipe = Pipe.open()) {
                    // The shell's 3 is the directory it lists.
                    var listing =
                            Command.shell("cd /proc/$$/fd; echo *")
                                    .withStderr(Stdio.sameAs(1))
                                    .withDescriptor(7, Stdio.of(pipe.sink().fd()));
                    assertThat(run(listing)).isEqualTo("0 1 2 3 7");
                    assertThat(run(Command.shell("cd /proc/$$/fd; echo *"))).isEqualTo("0 1 2 3");
                }
            });
        } finally {
            TestLibc.close(leaking);
        }
    }

    @EachConfiguration
    void noSignalIsBlockedIgnoredOrCaught(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (var _ = Signals.open(Signal.HUP, Signal.realTime(1))) {
                var status = run(Command.of("cat", "/proc/self/status"));
                assertThat(
                                status.lines()
                                        .filter(line -> line.matches("Sig(Blk|Ign|Cgt).*"))
                                        .map(line -> line.substring(8)))
                        .containsOnly("0000000000000000");
            }
        });
    }

    @EachConfiguration
    void itsPipesBlockAsProgramsExpect(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (var pipe = Pipe.open()) {
                var reading =
                        Command.of("head", "-c", "2")
                                .withStdin(Stdio.of(pipe.source().fd()))
                                .withStdout(Stdio.pipe());
                try (var child = ChildProcess.spawn(reading)) {
                    pipe.sink().write(Bytes.of("a"));
                    assertThat(child.exit()).isEmpty();
                    pipe.sink().write(Bytes.of("b"));
                    assertThat(Bytes.read(child.stdout())).isEqualTo("ab");
                }
            }
        });
    }

    @EachConfiguration
    void filesAreReadWrittenAndAppendedTo(Configuration configuration) throws Exception {
        Path from = Files.writeString(folder.resolve("from"), "content\n");
        Path to = folder.resolve("to");
        configuration.run(() -> {
            for (Stdio target : List.of(Stdio.file(to), Stdio.append(to), Stdio.append(to))) {
                var copy = Command.of("cat").withStdin(Stdio.file(from)).withStdout(target);
                try (var child = ChildProcess.spawn(copy)) {
                    assertThat(child.awaitExit().succeeded()).isTrue();
                }
            }
            assertThat(to).hasContent("content\ncontent\ncontent");
            Files.delete(to);
        });
    }

    @EachConfiguration
    void sessionsAndGroupsAreNewOnRequest(Configuration configuration) throws Exception {
        configuration.run(() -> {
            var print = Command.shell("echo $$ $(cut -d' ' -f5,6 /proc/$$/stat)");
            String[] same = run(print).split(" ");
            assertThat(same[1]).isNotEqualTo(same[0]);
            String[] group = run(print.withSession(Command.Session.NEW_GROUP)).split(" ");
            assertThat(group[1]).isEqualTo(group[0]);
            assertThat(group[2]).isEqualTo(same[2]);
            String[] session = run(print.withSession(Command.Session.NEW_SESSION)).split(" ");
            assertThat(List.of(session)).containsOnly(session[0]);
        });
    }

    @EachConfiguration
    void aTerminalIsItsControllingOneOnRequest(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (var pty = Pty.open();
                    ByteStream slave = pty.openSlave()) {
                var command =
                        Command.shell("tty <&0; echo through > /dev/tty")
                                .withStdin(Stdio.of(slave.fd()))
                                .withStdout(Stdio.sameAs(0))
                                .withStderr(Stdio.sameAs(0))
                                .withSession(Command.Session.NEW_TERMINAL);
                try (var child = ChildProcess.spawn(command)) {
                    assertThat(child.awaitExit().succeeded()).isTrue();
                }
                assertThat(line(pty)).isEqualTo(pty.path().toString());
                assertThat(line(pty)).isEqualTo("through");
            }
        });
    }

    /** What one read finds may be less. */
    private static String line(ByteStream stream) throws Exception {
        var line = ByteBuffer.allocateDirect(1000);
        stream.readUntil(line, '\n');
        return UTF_8.decode(line.flip()).toString().strip();
    }

    @EachConfiguration
    void anotherUserIsTakenBySetpriv(Configuration configuration) throws Exception {
        assumeTrue(System.getProperty("user.name").equals("root"), "needs root");
        configuration.run(() ->
                assertThat(run(Command.shell("id -u; id -g; id -G").withUser(65534, 65533)))
                        .isEqualTo("65534\n65533\n65533"));
    }

    @EachConfiguration
    void bytesThatAreLeftOverAreNotLostSilently(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (var pipe = Pipe.open()) {
                pipe.sink().write(Bytes.of("one\ntwo\n"));
                pipe.source().readUntil(ByteBuffer.allocateDirect(64), '\n');
                assertThatThrownBy(() ->
                                ChildProcess.spawn(
                                        Command.of("cat").withStdin(Stdio.of(pipe.source().fd()))))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("4 bytes left over");
            }
        });
    }

    @Test
    void whatCannotBeIsRefused() {
        assertThatThrownBy(() -> Command.of("a", "b\0c")).hasMessageContaining("NUL");
        assertThatThrownBy(() -> Command.of(List.of())).hasMessageContaining("no program");
        assertThatThrownBy(() -> Command.of("a").withVariable("a=b", "c"))
                .hasMessageContaining("a=b");
        assertThatThrownBy(() -> Command.of("a").withDescriptor(-1, Stdio.pipe()))
                .hasMessageContaining("-1");
    }
}
