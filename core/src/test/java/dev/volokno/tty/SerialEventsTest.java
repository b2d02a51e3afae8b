package dev.volokno.tty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.volokno.fiber.Fiber;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
import dev.volokno.support.Waiting;
import dev.volokno.tty.SerialEvent.Change;
import java.nio.file.Files;
import java.nio.file.Path;

/** The kernel repeats the news of a device when asked to, which only root may. */
class SerialEventsTest {
    private static void repeat(SerialDevice device, String action) throws Exception {
        var name = device.path().getFileName().toString();
        Files.writeString(Path.of("/sys/class/tty", name, "uevent"), action);
    }

    private static void repeatForAConsole(String action) throws Exception {
        Files.writeString(Path.of("/sys/class/tty/tty/uevent"), action);
    }

    @EachConfiguration
    void portsThatComeAndGoAreToldAndNothingElse(Configuration configuration) throws Exception {
        configuration.run(() -> {
            var devices = SerialPort.list();
            assumeThat(devices).as("serial ports of this machine").isNotEmpty();
            var device = devices.getFirst();
            assumeThat(Files.isWritable(Path.of("/sys/class/tty/tty/uevent")))
                    .as("root's right to have the kernel repeat its news")
                    .isTrue();
            try (var events = SerialEvents.open()) {
                var taker = Fiber.start(events::take);
                Waiting.untilParked(taker);
                repeatForAConsole("add");
                repeat(device, "add");
                var added = taker.join();
                assertThat(added.change()).isEqualTo(Change.ADDED);
                assertThat(added.device()).contains(device);
                repeatForAConsole("remove");
                repeat(device, "remove");
                var removed = events.take();
                assertThat(removed.change()).isEqualTo(Change.REMOVED);
                assertThat(removed.path()).isEqualTo(device.path());
                assertThat(removed.device()).isEmpty();
            }
        });
    }
}
