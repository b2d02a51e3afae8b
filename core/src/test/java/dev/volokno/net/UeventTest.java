package dev.volokno.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.volokno.CancelledException;
import dev.volokno.DeadlineException;
import dev.volokno.fiber.Channel;
import dev.volokno.fiber.Fiber;
import dev.volokno.fiber.Select;
import dev.volokno.support.Bytes;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
import dev.volokno.support.Waiting;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;

/** The kernel tells of devices: of /dev/null, which root can have it say it has changed. */
class UeventTest {
    private static final Path NULL = Path.of("/sys/class/mem/null/uevent");
    private static final String DEVPATH = "/devices/virtual/mem/null";

    private static void change() throws IOException {
        Files.writeString(NULL, "change");
    }

    private static NetlinkEvents<Uevent> listen() throws IOException {
        assumeTrue(Files.isWritable(NULL), "only root may have the kernel tell something");
        return Uevent.listen();
    }

    /** Waits for that of the null device: other devices may have something to tell too. */
    private static Uevent ours(NetlinkEvents<Uevent> events) throws IOException {
        Uevent event = events.take();
        while (!event.devpath().equals(DEVPATH)) {
            event = events.take();
        }
        return event;
    }

    @EachConfiguration
    void aChangeIsToldWithAllItsProperties(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (var events = listen()) {
                var taker = Waiting.untilParked(Fiber.start(() -> ours(events)));
                change();
                Uevent event = taker.join();
                assertThat(event.action()).isEqualTo("change");
                assertThat(event.subsystem()).isEqualTo("mem");
                assertThat(event.property("DEVNAME")).hasValue("null");
                assertThat(event.property("MAJOR")).hasValue("1");
                assertThat(event.property("none of these")).isEmpty();
                assertThat(events.tryTake()).isEmpty();
            }
        });
    }

    @EachConfiguration
    void whatAnotherProcessSendsIsNotBelieved(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (var events = listen();
                    var forger = NetlinkSocket.open(NetlinkSocket.KOBJECT_UEVENT, 0)) {
                forger.send(
                        Bytes.of("add@/devices/forged\0ACTION=add\0"), events.socket().port(), 0);
                change();
                assertThat(events.take().devpath()).isEqualTo(DEVPATH);
            }
        });
    }

    @EachConfiguration
    void aCancelledTakeTakesNothingAndADeadlineIsTold(Configuration configuration)
            throws Exception {
        configuration.run(() -> {
            try (var events = listen()) {
                var cancelled = Waiting.untilParked(Fiber.start(() -> events.take()));
                cancelled.cancel();
                assertThatThrownBy(cancelled::join)
                        .isInstanceOf(CancellationException.class)
                        .hasCauseInstanceOf(CancelledException.class);
                assertThatThrownBy(() -> events.take(Duration.ofMillis(5)))
                        .isInstanceOf(DeadlineException.class);
                change();
                assertThat(ours(events).action()).isEqualTo("change");
            }
        });
    }

    @EachConfiguration
    void itIsOneOfSeveralToWaitFor(Configuration configuration) throws Exception {
        configuration.run(() -> {
            Channel<String> other = Channel.bounded(1);
            try (var events = listen()) {
                var selecting =
                        Waiting.untilParked(
                                Fiber.start(() ->
                                        Select.<String>first(
                                                Select.when(other.receiving(), text -> text),
                                                Select.when(events.taking(), Uevent::devpath))));
                change();
                assertThat(selecting.join()).isEqualTo(DEVPATH);
                other.send("other");
                assertThat(
                                Select.<String>first(
                                        Select.when(events.taking(), Uevent::devpath),
                                        Select.when(other.receiving(), text -> text)))
                        .isEqualTo("other");
            }
        });
    }

    @EachConfiguration
    void iteratingEndsWhenItIsClosed(Configuration configuration) throws Exception {
        configuration.run(() -> {
            var events = listen();
            List<String> told = new ArrayList<>();
            var taker =
                    Fiber.start(() -> {
                        for (Uevent event : events) {
                            told.add(event.devpath());
                        }
                    });
            change();
            Waiting.until(() -> told.contains(DEVPATH));
            Waiting.untilParked(taker);
            events.close();
            taker.join();
        });
    }

    @EachConfiguration
    void whatTheKernelHadToDropIsToldAndTheRestStillComes(Configuration configuration)
            throws Exception {
        configuration.run(() -> {
            assumeTrue(Files.isWritable(NULL), "only root may have the kernel tell something");
            try (var socket = NetlinkSocket.open(NetlinkSocket.KOBJECT_UEVENT, 1)) {
                socket.receiveBuffer(1);
                for (int i = 0; i < 100; i++) {
                    change();
                }
                ByteBuffer buffer = ByteBuffer.allocate(10_000);
                assertThatThrownBy(() -> socket.receive(buffer))
                        .isInstanceOf(OverrunException.class)
                        .hasMessageContaining("ENOBUFS")
                        .hasMessageContaining("messages were lost");
                assertThat(socket.receive(buffer).fromKernel()).isTrue();
                assertThat(Bytes.text(buffer)).startsWith("change@" + DEVPATH);
            }
        });
    }

    @EachConfiguration
    void aMessageThatIsLongerThanTheRoomIsCutAndSaysSo(Configuration configuration)
            throws Exception {
        configuration.run(() -> {
            assumeTrue(Files.isWritable(NULL), "only root may have the kernel tell something");
            try (var socket = NetlinkSocket.open(NetlinkSocket.KOBJECT_UEVENT, 1)) {
                change();
                ByteBuffer small = ByteBuffer.allocate(6);
                assertThat(socket.receive(small).truncated()).isTrue();
                assertThat(Bytes.text(small)).isEqualTo("change");
                assertThat(socket.tryReceive(small)).isEmpty();
            }
        });
    }

    @EachConfiguration
    void aFamilyThatIsNoneIsRefused(Configuration configuration) throws Exception {
        configuration.run(() ->
                assertThatThrownBy(() -> NetlinkSocket.open(31, 0))
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining("EPROTONOSUPPORT"));
    }
}
