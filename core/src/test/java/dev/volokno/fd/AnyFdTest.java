package dev.volokno.fd;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.params.provider.EnumSource.Mode.EXCLUDE;

import dev.volokno.DeadlineException;
import dev.volokno.SystemCallException;
import dev.volokno.fd.Fd.Condition;
import dev.volokno.fiber.Fiber;
import dev.volokno.fiber.Select;
import dev.volokno.linux.Fcntl;
import dev.volokno.support.Bytes;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
import dev.volokno.support.EachWholeConfiguration;
import dev.volokno.support.Namespaces;
import dev.volokno.support.Namespaces.MountShell;
import dev.volokno.support.TestLibc;
import dev.volokno.support.TunDevice;
import dev.volokno.support.Turns;
import dev.volokno.support.Waiting;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Descriptors that have no class of their own: docs/fd/any.md has the recipes. What the kernel
 * tells only once may be swallowed by the second epoll set of an unconfined loop, so that is not
 * tested there.
 */
class AnyFdTest {
    private static final Duration SHORT = Duration.ofMillis(2);

    @ParameterizedTest
    @EnumSource(mode = EXCLUDE, names = "EPOLL_UNCONFINED")
    void aChangeOfTheMountsIsToldWheneverItComes(Configuration configuration) throws Exception {
        try (var shell = new MountShell()) {
            int number = TestLibc.open(shell.path("/mounts").toString(), Fcntl.O_RDONLY);
            configuration.run(() -> {
                try (Fd mounts = Fd.adopt(number)) {
                    var waiter = Waiting.untilParked(Fiber.start(() -> mounts.awaitPriority()));
                    shell.run("mount -t tmpfs none /mnt");
                    waiter.join();
                    Turns.assertRest();
                    // Nobody waits for this one, and the loop hears of it all the same.
                    shell.run("mount -t tmpfs none /mnt");
                    Fiber.sleep(SHORT);
                    assertThat(mounts.await(Set.of(Condition.PRIORITY)))
                            .containsExactlyInAnyOrder(Condition.PRIORITY, Condition.ERROR);
                    assertThatThrownBy(() -> mounts.awaitPriority(SHORT))
                            .isInstanceOf(DeadlineException.class);
                }
            });
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EXCLUDE, names = "EPOLL_UNCONFINED")
    void aSelectThatTookSomethingElseLeavesTheChangeToTheNext(Configuration configuration)
            throws Exception {
        try (var shell = new MountShell()) {
            int number = TestLibc.open(shell.path("/mounts").toString(), Fcntl.O_RDONLY);
            configuration.run(() -> {
                try (Fd mounts = Fd.adopt(number);
                        EventFd event = EventFd.open()) {
                    var selector =
                            Waiting.untilParked(
                                    Fiber.start(() ->
                                            Select.first(
                                                    Select.when(event.taking(), _ -> "event"),
                                                    Select.when(mounts.priority(), _ -> "mount"))));
                    event.add(1);
                    shell.run("mount -t tmpfs none /mnt");
                    String first = selector.join();
                    String next =
                            Select.first(
                                    Select.when(event.taking(), _ -> "event"),
                                    Select.when(mounts.priority(), _ -> "mount"));
                    assertThat(Set.of(first, next)).containsExactlyInAnyOrder("event", "mount");
                }
            });
        }
    }

    /** Such attributes of sysfs and of control groups last until they are read again. */
    @EachConfiguration
    void anAttributeThatChangesIsToldAndReadAgain(Configuration configuration) throws Exception {
        try (var shell = new MountShell()) {
            assumeTrue(
                    shell.run("mount -t cgroup2 none /mnt && mkdir -p /mnt/volokno-test").isEmpty(),
                    "no control groups here");
            Path group = shell.path("/root").resolve("mnt/volokno-test");
            int number = TestLibc.open(group.resolve("cgroup.events").toString(), Fcntl.O_RDONLY);
            configuration.run(() -> {
                try (Fd attribute = Fd.adopt(number)) {
                    assertThat(readAgain(group)).contains("populated 0");
                    attribute.use(AnyFdTest::readWhole);
                    var waiter = Waiting.untilParked(Fiber.start(() -> attribute.awaitPriority()));
                    shell.run("echo $$ > /mnt/volokno-test/cgroup.procs");
                    waiter.join();
                    assertThat(readAgain(group)).contains("populated 1");
                }
            });
            shell.run("echo $$ > /mnt/cgroup.procs; rmdir /mnt/volokno-test");
        }
    }

    private static String readAgain(Path group) throws Exception {
        return Files.readString(group.resolve("cgroup.events"), US_ASCII);
    }

    private static int readWhole(int number) {
        int count = 0;
        while (TestLibc.readByte(number) > 0) {
            count++;
        }
        return count;
    }

    @ParameterizedTest
    @EnumSource(names = {"IO_URING", "EPOLL"})
    void aThresholdOfPressureIsTold(Configuration configuration) throws Exception {
        Path pressure = Path.of("/proc/pressure/cpu");
        assumeTrue(Files.isWritable(pressure), "the kernel has no pressure stall information");
        var busy = new ArrayList<Process>();
        configuration.run(() -> {
            try (ByteStream trigger = ByteStream.over(Fd.open(pressure, READ, WRITE))) {
                // The kernel takes the last byte for the end of the text.
                trigger.write(Bytes.of("some 1000 2000000\0"));
                for (int i = 0; i <= Runtime.getRuntime().availableProcessors(); i++) {
                    busy.add(
                            new ProcessBuilder("timeout", "9", "sh", "-c", "while :; do :; done")
                                    .start());
                }
                trigger.fd().awaitPriority(Duration.ofSeconds(9));
            } finally {
                busy.forEach(Process::destroy);
            }
        });
        for (Process process : busy) {
            process.waitFor();
        }
    }

    @EachWholeConfiguration
    void aTunnelGivesAndTakesPackets(Configuration configuration) throws Exception {
        Namespaces.withOwnNetwork(() -> {
            int number = TunDevice.open("tun0");
            TunDevice.up("tun0", "192.0.2.1/24");
            try (var socket = new DatagramSocket(0, InetAddress.getByName("192.0.2.1"))) {
                configuration.run(() -> {
                    try (ByteStream tunnel = ByteStream.over(Fd.adopt(number))) {
                        assertThat(tunnel.fd().pollable()).isTrue();
                        var reader = Fiber.start(() -> firstUdp(tunnel));
                        Waiting.awaitParked(reader);
                        TunDevice.send(socket, "192.0.2.2", "through the tunnel");
                        assertThat(reader.join()).endsWith("through the tunnel");
                    }
                });
            }
        });
    }

    /** The kernel has packets of its own to send on a new link. */
    private static String firstUdp(ByteStream tunnel) throws Exception {
        var packet = ByteBuffer.allocateDirect(2000);
        do {
            tunnel.read(packet.clear());
        } while (packet.get(0) >> 4 != 4 || packet.get(9) != 17);
        return Bytes.text(packet);
    }

    @EachWholeConfiguration
    void theKernelsLogIsReadRecordByRecord(Configuration configuration) throws Exception {
        Path log = Path.of("/dev/kmsg");
        assumeTrue(Files.isWritable(log) && Files.isReadable(log), "/dev/kmsg is for root");
        int number = TestLibc.open(log.toString(), Fcntl.O_RDONLY | Fcntl.O_NONBLOCK);
        int writing = TestLibc.open(log.toString(), Fcntl.O_WRONLY);
        configuration.run(() -> {
            try (ByteStream records = ByteStream.over(Fd.adopt(number));
                    ByteStream writer = ByteStream.over(Fd.adopt(writing))) {
                skipOld(records);
                String text = "volokno test " + System.nanoTime();
                var reader = Waiting.untilParked(Fiber.start(() -> find(records, text)));
                // A record without an end of line is kept back: the next one may go on with it.
                writer.write(Bytes.of("<7>" + text + "\n"));
                assertThat(reader.join()).contains(text);
            }
        });
    }

    private static void skipOld(ByteStream records) throws Exception {
        var record = ByteBuffer.allocateDirect(8192);
        int count = 1;
        while (count > 0) {
            try {
                count = records.tryRead(record.clear());
            } catch (SystemCallException overwritten) {
                assertThat(overwritten.errno()).isEqualTo("EPIPE");
            }
        }
    }

    private static String find(ByteStream records, String text) throws Exception {
        var record = ByteBuffer.allocateDirect(8192);
        String found = "";
        while (!found.contains(text)) {
            records.read(record.clear());
            found = Bytes.text(record);
        }
        return found;
    }

    @EachConfiguration
    void allThatHoldsIsToldTogether(Configuration configuration) throws Exception {
        configuration.run(() -> {
            int[] ends = TestLibc.socketpair();
            try (var near = ByteStream.over(Fd.adopt(ends[0]));
                    var far = ByteStream.over(Fd.adopt(ends[1]))) {
                var both = EnumSet.of(Condition.READABLE, Condition.WRITABLE);
                assertThat(near.fd().await(both)).containsExactly(Condition.WRITABLE);
                far.write(Bytes.of("line\nrest"));
                assertThat(near.fd().await(both)).isEqualTo(both);
                near.readUntil(ByteBuffer.allocate(100), '\n');
                assertThat(near.fd().await(both)).containsExactly(Condition.READABLE);
                TestLibc.close(far.fd().release());
                assertThat(near.fd().await(EnumSet.of(Condition.PRIORITY)))
                        .containsExactly(Condition.HANG_UP);
                assertThatThrownBy(() -> near.fd().await(Set.of(Condition.ERROR)))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("ERROR");
            }
        });
    }

    @EachConfiguration
    void whatHasAPathIsOpened(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (Fd device = Fd.open(Path.of("/dev/null"), READ)) {
                assertThat(device.pollable()).isFalse();
                assertThat(device).hasToString("fd " + device.use(n -> n) + " /dev/null");
            }
            assertThatThrownBy(() -> Fd.open(Path.of("/dev/nothing"), READ, WRITE))
                    .isInstanceOf(NoSuchFileException.class);
            assertThatThrownBy(() -> Fd.open(Path.of("/dev/null"), APPEND))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("APPEND");
        });
    }
}
