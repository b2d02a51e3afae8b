package dev.volokno.fd;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.file.attribute.PosixFilePermission.GROUP_READ;
import static java.nio.file.attribute.PosixFilePermission.OWNER_READ;
import static java.nio.file.attribute.PosixFilePermission.OWNER_WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.volokno.DeadlineException;
import dev.volokno.SystemCallException;
import dev.volokno.fiber.Fiber;
import dev.volokno.support.Bytes;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
import dev.volokno.support.Turns;
import dev.volokno.support.Waiting;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.io.TempDir;

class FifoTest {
    @TempDir private Path folder;

    private Fifo make() throws IOException {
        return Fifo.make(folder.resolve("fifo"), Set.of(OWNER_READ, OWNER_WRITE));
    }

    @EachConfiguration
    void aReaderOpensAtOnceAndReadsWhenSomebodyWrites(Configuration configuration)
            throws Exception {
        configuration.run(() -> {
            Fifo fifo = make();
            try (PipeEnd reader = fifo.openReader()) {
                assertThat(reader.tryRead(ByteBuffer.allocate(1))).isZero();
                assertThatThrownBy(() -> reader.fd().awaitReadable(Duration.ofMillis(1)))
                        .isInstanceOf(DeadlineException.class);
                var first = Waiting.untilParked(Fiber.start(() -> Bytes.read(reader)));
                Turns.assertRest();
                assertThat(Waiting.isParked(first)).isTrue();
                try (PipeEnd writer = fifo.openWriter()) {
                    assertThat(Waiting.isParked(first)).isTrue();
                    writer.write(Bytes.of("hello"));
                    assertThat(first.join()).isEqualTo("hello");
                }
                assertThat(Bytes.read(reader)).isEqualTo("end");
                assertThat(Bytes.read(reader)).isEqualTo("end");
            }
        });
    }

    @EachConfiguration
    void aWriterThatWritesNothingIsAnEndToo(Configuration configuration) throws Exception {
        configuration.run(() -> {
            Fifo fifo = make();
            try (PipeEnd reader = fifo.openReader()) {
                var first = Waiting.untilParked(Fiber.start(() -> Bytes.read(reader)));
                fifo.openWriter().close();
                assertThat(first.join()).isEqualTo("end");
            }
        });
    }

    @EachConfiguration
    void aReaderThatIsOpenedAnewWaitsForTheNextWriterAndLosesNothing(Configuration configuration)
            throws Exception {
        configuration.run(() -> {
            Fifo fifo = make();
            PipeEnd reader = fifo.openReader();
            fifo.openWriter().close();
            assertThat(Bytes.read(reader)).isEqualTo("end");
            try (PipeEnd quick = fifo.openWriter()) {
                quick.write(Bytes.of("meanwhile"));
            }
            try (PipeEnd next = fifo.reopen(reader)) {
                assertThat(reader.isOpen()).isFalse();
                assertThat(Bytes.read(next)).isEqualTo("meanwhile");
                var waiting = Waiting.untilParked(Fiber.start(() -> Bytes.read(next)));
                try (PipeEnd writer = fifo.openWriter()) {
                    writer.write(Bytes.of("later"));
                    assertThat(waiting.join()).isEqualTo("later");
                }
                assertThat(Bytes.read(next)).isEqualTo("end");
            }
        });
    }

    @EachConfiguration
    void aWriterWaitsForAReaderAndCanBeCancelled(Configuration configuration) throws Exception {
        configuration.run(() -> {
            Fifo fifo = make();
            assertThat(fifo.tryOpenWriter()).isEmpty();
            var cancelled = Waiting.untilParked(Fiber.start(() -> fifo.openWriter()));
            cancelled.cancel();
            assertThatThrownBy(cancelled::join).isInstanceOf(CancellationException.class);
            var writing = Waiting.untilParked(Fiber.start(() -> fifo.openWriter()));
            PipeEnd reader = fifo.openReader();
            try (PipeEnd writer = writing.join()) {
                writer.write(Bytes.of("x"));
                assertThat(Bytes.read(reader)).isEqualTo("x");
                reader.close();
                assertThatThrownBy(() -> writer.write(Bytes.of("y")))
                        .isInstanceOf(SystemCallException.class)
                        .hasMessageContaining("EPIPE");
            }
        });
    }

    /** The kernel lets it wait inside open(2), where inotify does not see it. */
    @EachConfiguration
    void aProgramThatWaitsInsideItsOpenIsServed(Configuration configuration) throws Exception {
        configuration.run(() -> {
            Fifo fifo = make();
            Process cat =
                    new ProcessBuilder("cat", fifo.path().toString())
                            .redirectOutput(folder.resolve("copy").toFile())
                            .start();
            try (PipeEnd writer = fifo.openWriter()) {
                writer.write(Bytes.of("for the program"));
            }
            assertThat(cat.waitFor()).isZero();
            assertThat(Files.readString(folder.resolve("copy"), US_ASCII))
                    .isEqualTo("for the program");
        });
    }

    @EachConfiguration
    void itIsMadeWithItsPermissionsAndOnce(Configuration configuration) throws Exception {
        configuration.run(() -> {
            Path path = folder.resolve("fifo");
            Fifo.make(path, Set.of(OWNER_READ, OWNER_WRITE, GROUP_READ));
            assertThat(Files.getPosixFilePermissions(path))
                    .containsExactlyInAnyOrder(OWNER_READ, OWNER_WRITE, GROUP_READ);
            assertThatThrownBy(() -> Fifo.make(path, Set.of()))
                    .isInstanceOf(FileAlreadyExistsException.class)
                    .hasMessageContaining(path.toString());
        });
    }

    @EachConfiguration
    void whatIsNotThereOrNoFifoIsRefused(Configuration configuration) throws Exception {
        configuration.run(() -> {
            Fifo missing = Fifo.at(folder.resolve("missing"));
            assertThatThrownBy(missing::openReader).isInstanceOf(NoSuchFileException.class);
            assertThatThrownBy(missing::openWriter).isInstanceOf(NoSuchFileException.class);
            Fifo file = Fifo.at(Files.writeString(folder.resolve("file"), "content"));
            assertThatThrownBy(file::openReader)
                    .isInstanceOf(FileSystemException.class)
                    .hasMessageContaining("is no fifo");
        });
    }
}
