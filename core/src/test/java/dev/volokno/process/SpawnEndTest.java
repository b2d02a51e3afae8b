package dev.volokno.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.volokno.DeadlineException;
import dev.volokno.fiber.Deadline;
import dev.volokno.linux.Fcntl;
import dev.volokno.loop.Loop;
import dev.volokno.support.Bytes;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
import dev.volokno.support.TestLibc;
import dev.volokno.support.Waiting;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.io.TempDir;

/** Children whose loop ends while they come, and those that leave children of their own. */
class SpawnEndTest {
    private static final Duration SOON = Duration.ofMillis(20);

    @TempDir private Path folder;

    @EachConfiguration
    void aLoopThatIsStoppedDuringASpawnLeavesNoChild(Configuration configuration) throws Exception {
        stopDuringSpawn(configuration, Duration.ofSeconds(9));
    }

    @EachConfiguration
    void norDoesOneThatDoesNotWaitForItsFibers(Configuration configuration) throws Exception {
        stopDuringSpawn(configuration, Duration.ZERO);
    }

    private void stopDuringSpawn(Configuration configuration, Duration grace) throws Exception {
        Path fifo = folder.resolve("fifo");
        new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor();
        long children = ProcessHandle.current().children().count();
        Loop loop = Loop.start(configuration.options());
        // Its start waits for somebody who writes there.
        var sleeper = Command.of("sleep", "60").withStdin(Stdio.file(fifo));
        var spawner = new CompletableFuture<Thread>();
        loop.submit(() -> {
            spawner.complete(Thread.currentThread());
            try {
                return ChildProcess.spawn(sleeper);
            } catch (ClosedChannelException itHasEnded) {
                return null;
            }
        });
        Waiting.untilParked(spawner.get());
        Thread stopper = Thread.ofPlatform().start(() -> loop.stop(grace));
        Waiting.until(() ->
                stopper.getState() == Thread.State.TIMED_WAITING
                        || stopper.getState() == Thread.State.WAITING);
        TestLibc.close(TestLibc.open(fifo.toString(), Fcntl.O_WRONLY));
        stopper.join();
        spawner.get().join();
        // One that has ended is there until it was waited for.
        assertThat(ProcessHandle.current().children().count()).isEqualTo(children);
    }

    @EachConfiguration
    void aGrandchildThatHoldsItsOutputKeepsReadersWaitingButNotItsEnd(Configuration configuration)
            throws Exception {
        configuration.run(() -> {
            var leaving = Command.shell("sleep 60 & echo $!; exit 3").withStdout(Stdio.pipe());
            try (var child = ChildProcess.spawn(leaving)) {
                long grandchild = Long.parseLong(Bytes.read(child.stdout()).strip());
                assertThat(child.awaitExit().code()).isEqualTo(3);
                assertThatThrownBy(() -> Deadline.within(SOON, () -> Bytes.read(child.stdout())))
                        .isInstanceOf(DeadlineException.class);
                assertThat(ProcessHandle.of(grandchild)).isPresent();
                kill(grandchild);
                assertThat(Bytes.read(child.stdout())).isEqualTo("end");
            }
        });
    }

    @EachConfiguration
    void whoRunsAProgramGetsAwayFromAGrandchildByADeadline(Configuration configuration)
            throws Exception {
        Path number = folder.resolve("grandchild");
        configuration.run(() -> {
            var leaving = Command.shell("sleep 60 & echo $! > " + number);
            assertThatThrownBy(() ->
                            Deadline.within(
                                    Duration.ofMillis(300), () -> ChildProcess.run(leaving)))
                    .isInstanceOf(DeadlineException.class);
        });
        kill(Long.parseLong(Files.readString(number, UTF_8).strip()));
    }

    /** It is nobody's child any more, but for the first process of all. */
    private static void kill(long grandchild) throws Exception {
        new ProcessBuilder("kill", "-KILL", String.valueOf(grandchild)).start().waitFor();
    }
}
