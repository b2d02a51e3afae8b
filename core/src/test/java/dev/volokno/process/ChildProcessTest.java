package dev.volokno.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.volokno.CancelledException;
import dev.volokno.DeadlineException;
import dev.volokno.fiber.Fiber;
import dev.volokno.fiber.Scope;
import dev.volokno.fiber.Select;
import dev.volokno.support.Bytes;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
import dev.volokno.support.Waiting;
import java.nio.ByteBuffer;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.io.TempDir;

class ChildProcessTest {
    private static final Duration SOON = Duration.ofMillis(20);

    @TempDir private Path folder;

    private static Command cat() {
        return Command.of("cat").withStdin(Stdio.pipe()).withStdout(Stdio.pipe());
    }

    @EachConfiguration
    void whatIsWrittenToItsInputComesOutOfItsOutput(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (var child = ChildProcess.spawn(cat())) {
                child.stdin().write(Bytes.of("hello"));
                assertThat(Bytes.read(child.stdout())).isEqualTo("hello");
                child.stdin().close();
                assertThat(child.stdout().read(ByteBuffer.allocateDirect(1))).isEqualTo(-1);
                assertThat(child.awaitExit().succeeded()).isTrue();
            }
        });
    }

    @EachConfiguration
    void itsEndIsToldWithCodeSignalAndUse(Configuration configuration) throws Exception {
        configuration.run(() -> {
            var busy = "i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done; exit 7";
            try (var child = ChildProcess.spawn(Command.shell(busy))) {
                assertThat(child.exit()).isEmpty();
                ExitStatus status = child.awaitExit();
                assertThat(status.code()).isEqualTo(7);
                assertThat(status.signal()).isEmpty();
                assertThat(status.succeeded()).isFalse();
                assertThat(status.userTime().plus(status.systemTime())).isPositive();
                assertThat(status.maxResidentBytes()).isGreaterThan(100_000);
                assertThat(child.exit()).contains(status);
                assertThat(child.awaitExit()).isSameAs(status);
                assertThat(status).hasToString("exited with 7");
            }
            try (var child = ChildProcess.spawn(Command.shell("ulimit -c 0; kill -ABRT $$"))) {
                ExitStatus status = child.awaitExit();
                assertThat(status.signal()).contains(Signal.ABRT);
                assertThat(status.code()).isEqualTo(128 + 6);
                assertThat(status.coreDumped()).isFalse();
            }
        });
    }

    @EachConfiguration
    void whoWaitsForItsEndIsCancelledOrOutOfTimeAndTheChildRunsOn(Configuration configuration)
            throws Exception {
        configuration.run(() -> {
            try (var child = ChildProcess.spawn(cat())) {
                var waiting = Waiting.untilParked(Fiber.start(() -> child.awaitExit()));
                waiting.cancel();
                assertThatThrownBy(() -> waiting.join())
                        .hasCauseInstanceOf(CancelledException.class);
                assertThatThrownBy(() -> child.awaitExit(SOON))
                        .isInstanceOf(DeadlineException.class);
                String first =
                        Select.first(
                                Select.when(child.ending(), status -> status.toString()),
                                Select.after(SOON, () -> "still there"));
                assertThat(first).isEqualTo("still there");
                assertThat(child.kill(Signal.KILL)).isTrue();
                String second =
                        Select.first(Select.when(child.ending(), status -> status.toString()));
                assertThat(second).isEqualTo("killed by SIGKILL");
                assertThat(child.kill(Signal.TERM)).isFalse();
            }
        });
    }

    @EachConfiguration
    void oneThatClosesItsOutputLivesOn(Configuration configuration) throws Exception {
        configuration.run(() -> {
            var command =
                    Command.shell("exec >&-; read x; exit 6")
                            .withStdin(Stdio.pipe())
                            .withStdout(Stdio.pipe());
            try (var child = ChildProcess.spawn(command)) {
                assertThat(child.stdout().read(ByteBuffer.allocateDirect(1))).isEqualTo(-1);
                assertThat(child.exit()).isEmpty();
                child.stdin().write(Bytes.of("x\n"));
                assertThat(child.awaitExit().code()).isEqualTo(6);
            }
        });
    }

    @EachConfiguration
    void severalThatWaitForItsEndAreAllTold(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (var child = ChildProcess.spawn(cat())) {
                var waiting = new ArrayList<Fiber<ExitStatus>>();
                for (int i = 0; i < 5; i++) {
                    waiting.add(Waiting.untilParked(Fiber.start(() -> child.awaitExit())));
                }
                child.stdin().close();
                for (Fiber<ExitStatus> each : waiting) {
                    assertThat(each.join().code()).isZero();
                }
            }
        });
    }

    @EachConfiguration
    void closingAsksItToEndAndThenMakesIt(Configuration configuration) throws Exception {
        configuration.run(() -> {
            var polite =
                    ChildProcess.spawn(
                            Command.shell("trap 'echo bye >&3; exit 3' TERM; echo r; read x <&4")
                                    .withStdout(Stdio.pipe())
                                    .withDescriptor(3, Stdio.file(folder.resolve("said")))
                                    .withDescriptor(4, Stdio.pipeToChild()));
            assertThat(Bytes.read(polite.stdout())).startsWith("r");
            polite.close();
            assertThat(polite.awaitExit().code()).isEqualTo(3);
            assertThat(folder.resolve("said")).hasContent("bye");
            var deaf =
                    ChildProcess.spawn(
                            Command.shell("trap '' TERM; echo r; exec sleep 1000")
                                    .withStdout(Stdio.pipe()));
            assertThat(Bytes.read(deaf.stdout())).startsWith("r");
            deaf.close(SOON);
            assertThat(deaf.awaitExit().signal()).contains(Signal.KILL);
        });
    }

    @EachConfiguration
    void twoMayCloseItAtOnce(Configuration configuration) throws Exception {
        configuration.run(() -> {
            var deaf =
                    ChildProcess.spawn(
                            Command.shell("trap '' TERM; echo r; exec sleep 1000")
                                    .withStdout(Stdio.pipe()));
            assertThat(Bytes.read(deaf.stdout())).startsWith("r");
            var patient = Waiting.untilParked(Fiber.start(() -> deaf.close()));
            deaf.fd().close();
            patient.join();
            assertThat(deaf.awaitExit().signal()).contains(Signal.KILL);
            assertThat(deaf.stdout().isOpen()).isFalse();
        });
    }

    @EachConfiguration
    void aScopeEndsWhatItOwnsAlsoWhenItIsCancelled(Configuration configuration) throws Exception {
        configuration.run(() -> {
            var pids = new ArrayList<Long>();
            var owner =
                    Fiber.start(() ->
                            Scope.run(scope -> {
                                var child = scope.own(ChildProcess.spawn(cat()));
                                pids.add(child.pid());
                                return child.awaitExit();
                            }));
            Waiting.until(() -> pids.size() == 1);
            Waiting.untilParked(owner);
            owner.cancel();
            assertThatThrownBy(() -> owner.join()).isInstanceOf(CancellationException.class);
            assertThat(ProcessHandle.of(pids.getFirst())).isEmpty();
        });
    }

    @EachConfiguration
    void aLoopThatEndsKillsAndReapsWhatIsStillOpen(Configuration configuration) throws Exception {
        var pids = new ArrayList<Long>();
        configuration.run(() -> pids.add(ChildProcess.spawn(cat()).pid()));
        assertThat(ProcessHandle.of(pids.getFirst())).isEmpty();
    }

    @EachConfiguration
    void whatCannotBeRunIsRefusedAndLeavesNothing(Configuration configuration) throws Exception {
        Path plain = Files.writeString(folder.resolve("plain"), "");
        configuration.run(() -> {
            long children = ProcessHandle.current().children().count();
            assertThatThrownBy(() -> ChildProcess.spawn("no-such-program"))
                    .isInstanceOf(NoSuchFileException.class)
                    .hasMessageContaining("no-such-program")
                    .hasMessageContaining("ENOENT");
            assertThatThrownBy(() -> ChildProcess.spawn(plain.toString()))
                    .isInstanceOf(AccessDeniedException.class)
                    .hasMessageContaining("EACCES");
            assertThatThrownBy(() ->
                            ChildProcess.spawn(cat().withDirectory(folder.resolve("nowhere"))))
                    .isInstanceOf(NoSuchFileException.class)
                    .hasMessageContaining("nowhere");
            assertThatThrownBy(() ->
                            ChildProcess.spawn(cat().withStdin(Stdio.file(folder.resolve("none")))))
                    .isInstanceOf(NoSuchFileException.class)
                    .hasMessageContaining("none");
            for (int i = 0; i < 200; i++) {
                assertThatThrownBy(() ->
                                ChildProcess.spawn(Command.of("/none").withStdin(Stdio.pipe())))
                        .isInstanceOf(NoSuchFileException.class);
            }
            assertThat(ProcessHandle.current().children().count()).isEqualTo(children);
        });
    }

    @EachConfiguration
    void itsOutputIsKeptOrItsFailureTold(Configuration configuration) throws Exception {
        configuration.run(() -> {
            assertThat(ChildProcess.run("echo", "hello").text()).isEqualTo("hello\n");
            Output failed = ChildProcess.run(Command.shell("cat; echo said >&2; exit 5"));
            assertThat(new String(failed.err(), UTF_8)).isEqualTo("said\n");
            assertThatThrownBy(() -> failed.text())
                    .hasMessage("sh -c cat; echo said >&2; exit 5 exited with 5: said");
            assertThatThrownBy(() -> ChildProcess.run(Command.of("yes"), 100_000))
                    .hasMessageContaining("says more than 100000 bytes");
        });
    }

    @EachConfiguration
    void whoRunsItIsCancelledAndItIsGone(Configuration configuration) throws Exception {
        Path mark = folder.resolve("pid");
        configuration.run(() -> {
            var running =
                    Fiber.start(() ->
                            ChildProcess.run(
                                    Command.shell("echo $$ > " + mark + "; exec sleep 1000")));
            Waiting.until(() -> Files.exists(mark) && mark.toFile().length() > 0);
            running.cancel();
            assertThatThrownBy(() -> running.join()).isInstanceOf(CancellationException.class);
            long pid = Long.parseLong(Files.readString(mark).strip());
            assertThat(ProcessHandle.of(pid)).isEmpty();
        });
    }

    @EachConfiguration
    void aChildOfTheJdkAndOneOfOursDoNotDisturbEachOther(Configuration configuration)
            throws Exception {
        configuration.run(() -> {
            var theirs = new ProcessBuilder("sh", "-c", "exit 4").start();
            try (var ours = ChildProcess.spawn(Command.shell("exit 5"))) {
                assertThat(theirs.waitFor()).isEqualTo(4);
                assertThat(ours.awaitExit().code()).isEqualTo(5);
            }
        });
    }

    @EachConfiguration
    void aForeignProcessIsWatchedUntilItsEnd(Configuration configuration) throws Exception {
        Process foreign = new ProcessBuilder("sleep", "1000").start();
        configuration.run(() -> {
            try (var watch = ProcessWatch.of(foreign.pid())) {
                assertThat(watch.hasEnded()).isFalse();
                var waiting = Waiting.untilParked(Fiber.start(() -> watch.awaitEnd()));
                assertThat(watch.kill(Signal.KILL)).isTrue();
                waiting.join();
                assertThat(watch.hasEnded()).isTrue();
                ProcessWatch first = Select.first(Select.when(watch.ending(), ended -> ended));
                assertThat(first).isSameAs(watch);
                foreign.waitFor();
                assertThat(watch.kill(Signal.TERM)).isFalse();
            }
            assertThatThrownBy(() -> ProcessWatch.of(foreign.pid())).hasMessageContaining("ESRCH");
        });
    }

    @EachConfiguration
    void oneThatSomebodyElseHasWaitedForIsLostAndCloses(Configuration configuration)
            throws Exception {
        configuration.run(() -> {
            try (var child = ChildProcess.spawn("true")) {
                Kill.waitFor((int) child.pid());
                assertThatThrownBy(() -> child.awaitExit())
                        .hasMessageContaining("somebody else has waited for");
                assertThat(child.kill(Signal.TERM)).isFalse();
            }
        });
    }

    @EachConfiguration
    void manyRunAtOnceWithoutAThreadEach(Configuration configuration) throws Exception {
        configuration.run(() -> {
            int size = 1 << 18;
            var echoes = new ArrayList<Fiber<Integer>>();
            for (int i = 0; i < 20; i++) {
                echoes.add(Fiber.start(() -> echo(size)));
            }
            for (Fiber<Integer> each : echoes) {
                assertThat(each.join()).isEqualTo(size);
            }
        });
    }

    private static int echo(int size) throws Exception {
        try (var child = ChildProcess.spawn(cat())) {
            var writer =
                    Fiber.start(() -> {
                        child.stdin().write(ByteBuffer.allocateDirect(size));
                        child.stdin().close();
                    });
            var piece = ByteBuffer.allocateDirect(1 << 16);
            int count = 0;
            int read = child.stdout().read(piece);
            while (read >= 0) {
                count += read;
                read = child.stdout().read(piece.clear());
            }
            writer.join();
            assertThat(child.awaitExit().succeeded()).isTrue();
            return count;
        }
    }
}
