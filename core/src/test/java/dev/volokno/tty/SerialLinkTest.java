package dev.volokno.tty;

import static dev.volokno.support.Waiting.awaitParked;
import static dev.volokno.support.Waiting.until;
import static dev.volokno.support.Waiting.untilParked;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.volokno.SystemCallException;
import dev.volokno.fiber.Fiber;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
import dev.volokno.tty.SerialLink.Change;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.io.TempDir;

class SerialLinkTest {
    private static final SerialSettings SETTINGS = SerialSettings.of(115_200);

    @TempDir private Path directory;

    private Path plug(Pty far, String name) throws Exception {
        return Files.createSymbolicLink(directory.resolve(name), far.path());
    }

    @EachConfiguration
    void whatIsDoneIsDoneAgainWithThePortThatComesBack(Configuration configuration)
            throws Exception {
        String name = configuration.name();
        List<Change> changes = new ArrayList<>();
        configuration.run(() -> {
            Pty first = Pty.open();
            Path path = plug(first, name);
            try (var link = SerialLink.to(path.toString(), SETTINGS).telling(changes::add)) {
                link.open();
                var one = Fiber.start(() -> link.call(port -> port.read(ByteBuffer.allocate(1))));
                var other = Fiber.start(() -> link.call(port -> port.read(ByteBuffer.allocate(1))));
                awaitParked(one, other);
                Files.delete(path);
                first.close();
                try (Pty second = Pty.open()) {
                    plug(second, name);
                    link.call(port -> port.write(ByteBuffer.wrap("x".getBytes(UTF_8))));
                    assertThat(second.read(ByteBuffer.allocate(10))).isEqualTo(1);
                    second.write(ByteBuffer.wrap("ab".getBytes(UTF_8)));
                    assertThat(one.join() + other.join()).isEqualTo(2);
                }
            }
        });
        assertThat(changes).containsExactly(Change.OPEN, Change.VANISHED, Change.BACK);
    }

    @EachConfiguration
    void aPortThatIsNotThereYetIsAwaitedUntilCancelledOrClosed(Configuration configuration)
            throws Exception {
        List<Change> changes = new ArrayList<>();
        configuration.run(() -> {
            var missing = directory.resolve("never").toString();
            var link = SerialLink.to(missing, SETTINGS).telling(changes::add);
            var waiting = Fiber.start(link::open);
            until(() -> !changes.isEmpty());
            var second = untilParked(Fiber.start(link::open));
            second.cancel();
            assertThatThrownBy(second::join).isInstanceOf(CancellationException.class);
            waiting.cancel();
            assertThatThrownBy(waiting::join).isInstanceOf(CancellationException.class);
            link.close();
            assertThatThrownBy(link::open).isInstanceOf(ClosedChannelException.class);
        });
        assertThat(changes).containsExactly(Change.AWAITED);
    }

    @EachConfiguration
    void otherFailuresAreToldAndClosingEndsWhatIsInProgress(Configuration configuration)
            throws Exception {
        configuration.run(() -> {
            var noPort = SerialLink.to("/dev/null", SETTINGS);
            assertThatThrownBy(noPort::open)
                    .isInstanceOf(SystemCallException.class)
                    .hasMessageContaining("ENOTTY");
            try (Pty far = Pty.open()) {
                var link = SerialLink.to(far.path().toString(), SETTINGS);
                link.open();
                var reader =
                        Fiber.start(() ->
                                assertThatThrownBy(() ->
                                                link.call(
                                                        port -> port.read(ByteBuffer.allocate(1))))
                                        .isInstanceOf(ClosedChannelException.class));
                untilParked(reader);
                link.close();
                reader.join();
            }
        });
    }

    @EachConfiguration
    void closingEndsTheWaitForAPortThatIsAway(Configuration configuration) throws Exception {
        configuration.run(() -> {
            var link = SerialLink.to(directory.resolve("never").toString(), SETTINGS);
            var waiting =
                    Fiber.start(() ->
                            assertThatThrownBy(link::open)
                                    .isInstanceOf(ClosedChannelException.class));
            untilParked(waiting);
            link.close();
            waiting.join();
        });
    }

    @EachConfiguration
    void aPortThatWasLostIsClosedThoughTheListenerFails(Configuration configuration)
            throws Exception {
        configuration.run(() -> {
            Pty far = Pty.open();
            var link = SerialLink.to(far.path().toString(), SETTINGS);
            SerialPort port = link.open();
            link.telling(_ -> {
                throw new IOException("as wished");
            });
            far.close();
            assertThatThrownBy(() -> link.call(lost -> lost.read(ByteBuffer.allocate(1))))
                    .hasMessage("as wished");
            assertThat(port.isOpen()).isFalse();
            link.close();
        });
    }

    @EachConfiguration
    void aPortThatItsUserHasClosedIsOpenedAgain(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (Pty far = Pty.open();
                    var link = SerialLink.to(far.path().toString(), SETTINGS)) {
                SerialPort first = link.open();
                first.close();
                assertThat(link.open()).isNotSameAs(first);
            }
        });
    }
}
