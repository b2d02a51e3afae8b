package dev.volokno.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.volokno.fd.Fd;
import dev.volokno.fiber.Fiber;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
import dev.volokno.support.TunDevice;
import java.io.File;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What many of them leave behind, and how much they need. */
class ManySpawnsTest {
    /** Those that make calls that block, and a few of the JVM's that come and go. */
    private static final int THREADS = 16 + 8;

    private static int count(String directory) {
        String[] names = new File(directory).list();
        return names == null ? -1 : names.length;
    }

    @EachConfiguration
    void aThousandOfAMissingProgramLeaveNothingBehind(Configuration configuration)
            throws Exception {
        var missing =
                Command.of("/no/such/program").withStdin(Stdio.pipe()).withStdout(Stdio.pipe());
        configuration.run(() -> {
            assertThatThrownBy(() -> ChildProcess.spawn(missing))
                    .isInstanceOf(NoSuchFileException.class);
            int descriptors = count("/proc/self/fd");
            int threads = count("/proc/self/task");
            // With those that have ended and that nobody has waited for.
            long children = ProcessHandle.current().children().count();
            for (int i = 1; i < 1000; i++) {
                assertThatThrownBy(() -> ChildProcess.spawn(missing))
                        .isInstanceOf(NoSuchFileException.class);
            }
            assertThat(count("/proc/self/fd")).isEqualTo(descriptors);
            assertThat(count("/proc/self/task")).isLessThan(threads + THREADS);
            assertThat(ProcessHandle.current().children().count()).isEqualTo(children);
        });
    }

    @Tag("soak")
    @Timeout(120)
    @EachConfiguration
    void twoHundredEchoAMegabyteEachAtOnceAndAllAreReaped(Configuration configuration)
            throws Exception {
        configuration.run(() -> {
            int descriptors = count("/proc/self/fd");
            int threads = count("/proc/self/task");
            long children = ProcessHandle.current().children().count();
            var echoes = new ArrayList<Fiber<Integer>>();
            for (int i = 0; i < 200; i++) {
                echoes.add(Fiber.start(() -> echo(1 << 20)));
            }
            for (Fiber<Integer> each : echoes) {
                assertThat(each.join()).isEqualTo(1 << 20);
                assertThat(count("/proc/self/task")).isLessThan(threads + THREADS);
            }
            assertThat(count("/proc/self/fd")).isEqualTo(descriptors);
            assertThat(ProcessHandle.current().children().count()).isEqualTo(children);
        });
    }

    private static int echo(int size) throws Exception {
        var cat = Command.of("cat").withStdin(Stdio.pipe()).withStdout(Stdio.pipe());
        try (var child = ChildProcess.spawn(cat)) {
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

    @Test
    void aDeviceThatIsNoTerminalIsGivenAsItIs() throws Exception {
        Configuration.EPOLL.run(() -> {
            // Opened anew, this one would be no network interface any more.
            try (Fd tunnel = Fd.adopt(TunDevice.open("tunGiven"))) {
                var command = Command.of("cat", "/proc/self/fdinfo/0");
                String told = ChildProcess.run(command.withStdin(Stdio.of(tunnel))).text();
                assertThat(told).containsPattern("iff:\\s+tunGiven");
            }
        });
    }
}
