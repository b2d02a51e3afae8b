package dev.volokno.file;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.volokno.SystemCallException;
import dev.volokno.support.Bytes;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
import java.io.EOFException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

class RegularFileTest {
    @TempDir Path directory;

    /** On a disk, and in memory: they take different ways. */
    private List<Path> files() {
        return List.of(directory.resolve("f"), Path.of("/dev/shm/volokno-" + directory.hashCode()));
    }

    @EachConfiguration
    void whatIsWrittenIsReadInBuffersOfEveryKind(Configuration configuration) throws Exception {
        byte[] content = Bytes.pattern(700_000);
        configuration.run(() -> {
            for (Path path : files()) {
                try (RegularFile file = RegularFile.open(path, READ, WRITE, CREATE_NEW)) {
                    assertThat(file.write(ByteBuffer.wrap(content))).isEqualTo(content.length);
                    for (ByteBuffer target : FileBuffers.each(content.length)) {
                        file.position(0);
                        assertThat(file.read(target)).isEqualTo(content.length);
                        assertThat(FileBuffers.bytes(target)).isEqualTo(content);
                        assertThat(file.position()).isEqualTo(content.length);
                    }
                } finally {
                    Files.deleteIfExists(path);
                }
            }
        });
    }

    @EachConfiguration
    void buffersOfEveryKindAreWritten(Configuration configuration) throws Exception {
        byte[] content = Bytes.pattern(300_000);
        configuration.run(() -> {
            for (Path path : files()) {
                try (RegularFile file = RegularFile.open(path, WRITE, CREATE)) {
                    for (ByteBuffer source : FileBuffers.each(content.length)) {
                        source.put(content).flip();
                        assertThat(file.write(source, 3)).isEqualTo(content.length);
                        assertThat(source.hasRemaining()).isFalse();
                        assertThat(Files.readAllBytes(path)).endsWith(content);
                        file.resize(0);
                    }
                } finally {
                    Files.deleteIfExists(path);
                }
            }
        });
    }

    @EachConfiguration
    void theEndIsToldBehindItAlsoWhenItIsTheBuffersEnd(Configuration configuration)
            throws Exception {
        configuration.run(() -> {
            for (Path path : files()) {
                Files.write(path, new byte[5000]);
                try (RegularFile file = RegularFile.open(path)) {
                    assertThat(file.read(ByteBuffer.allocate(5000))).isEqualTo(5000);
                    assertThat(file.read(ByteBuffer.allocate(1))).isEqualTo(-1);
                    assertThat(file.read(ByteBuffer.allocate(9000), 4000)).isEqualTo(1000);
                    assertThat(file.read(ByteBuffer.allocate(1), 5000)).isEqualTo(-1);
                    assertThat(file.read(ByteBuffer.allocate(1), 1L << 40)).isEqualTo(-1);
                    assertThat(file.read(ByteBuffer.allocate(0), 5000)).isZero();
                } finally {
                    Files.delete(path);
                }
            }
        });
    }

    @EachConfiguration
    void whoWantsAllIsToldHowMuchThereIs(Configuration configuration) throws Exception {
        Path path = Files.write(directory.resolve("f"), new byte[10]);
        configuration.run(() -> {
            try (RegularFile file = RegularFile.open(path)) {
                ByteBuffer target = ByteBuffer.allocate(8);
                assertThatThrownBy(() -> file.readFully(target, 6))
                        .isInstanceOf(EOFException.class)
                        .hasMessageContaining("ends 4 bytes after 6; 8 were asked for");
                assertThat(target.position()).isEqualTo(4);
                file.readFully(target.clear(), 2);
                assertThat(target.hasRemaining()).isFalse();
            }
        });
    }

    @EachConfiguration
    void callsWithAPlaceLeaveThePositionAlone(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (RegularFile file = RegularFile.open(directory.resolve("f"), READ, WRITE, CREATE)) {
                file.write(Bytes.of("0123456789"));
                file.position(4);
                file.read(ByteBuffer.allocate(3), 0);
                file.write(Bytes.of("x"), 9);
                assertThat(file.position()).isEqualTo(4);
                ByteBuffer rest = ByteBuffer.allocate(100);
                file.read(rest);
                assertThat(Bytes.text(rest)).isEqualTo("45678x");
            }
        });
    }

    @EachConfiguration
    void severalBuffersAreFilledAndWrittenInTheirOrder(Configuration configuration)
            throws Exception {
        configuration.run(() -> {
            try (RegularFile file = RegularFile.open(directory.resolve("f"), READ, WRITE, CREATE)) {
                ByteBuffer[] sources = {Bytes.of("on"), Bytes.of(""), Bytes.of("e more")};
                assertThat(file.write(sources)).isEqualTo(8);
                ByteBuffer[] targets = {
                    ByteBuffer.allocateDirect(3), ByteBuffer.allocate(2), ByteBuffer.allocate(9)
                };
                file.position(0);
                assertThat(file.read(targets)).isEqualTo(8);
                assertThat(Bytes.text(targets[0])).isEqualTo("one");
                assertThat(Bytes.text(targets[1])).isEqualTo(" m");
                assertThat(Bytes.text(targets[2])).isEqualTo("ore");
                assertThat(file.read(targets)).isEqualTo(-1);
            }
        });
    }

    @EachConfiguration
    void appendingGoesToTheEndWhereverThePlaceIs(Configuration configuration) throws Exception {
        Path path = Files.writeString(directory.resolve("f"), "first ");
        configuration.run(() -> {
            try (RegularFile file = RegularFile.open(path, APPEND)) {
                file.write(Bytes.of("second "));
                Files.writeString(path, "other ", APPEND);
                file.write(Bytes.of("third"), 0);
                assertThat(Files.readString(path)).isEqualTo("first second other third");
                file.write(Bytes.of("!"));
                assertThat(file.position()).isEqualTo(file.size());
            }
        });
    }

    @EachConfiguration
    void theSizeIsCutOrExtended(Configuration configuration) throws Exception {
        Path path = Files.writeString(directory.resolve("f"), "0123456789");
        configuration.run(() -> {
            try (RegularFile file = RegularFile.open(path, WRITE)) {
                file.position(8);
                file.truncate(20);
                assertThat(file.size()).isEqualTo(10);
                file.truncate(5);
                assertThat(file.position()).isEqualTo(5);
                file.resize(7);
                assertThat(Files.readString(path)).isEqualTo("01234\0\0");
                file.sync();
                file.dataSync();
                file.writeBack(0, 0);
            }
        });
    }

    @EachConfiguration
    void openingSaysWhyNotInTheJdksWords(Configuration configuration) throws Exception {
        Path path = Files.writeString(directory.resolve("f"), "x");
        Path link = Files.createSymbolicLink(directory.resolve("link"), path);
        configuration.run(() -> {
            assertThatThrownBy(() -> RegularFile.open(directory.resolve("none")))
                    .isInstanceOf(NoSuchFileException.class)
                    .hasMessageContaining("open: ENOENT")
                    .hasRootCauseInstanceOf(SystemCallException.class);
            assertThatThrownBy(() -> RegularFile.open(path, WRITE, CREATE_NEW))
                    .isInstanceOf(FileAlreadyExistsException.class);
            assertThatThrownBy(() -> RegularFile.open(path.resolve("below")))
                    .isInstanceOf(NotDirectoryException.class);
            assertThatThrownBy(() -> RegularFile.open(directory))
                    .isInstanceOf(FileSystemException.class)
                    .hasMessageContaining("EISDIR");
            assertThatThrownBy(() -> RegularFile.open(Path.of("/dev/null")))
                    .isInstanceOf(FileSystemException.class)
                    .hasMessageContaining("neither a file nor a disk");
            assertThatThrownBy(() -> RegularFile.open(link, OpenOptions.read().noFollow()))
                    .isInstanceOf(FileSystemException.class);
            assertThatThrownBy(() -> RegularFile.open(Path.of("/proc/sys/kernel/pid_max/x")))
                    .isInstanceOf(FileSystemException.class);
        });
        FileLeaks.assertNoneIn(directory);
    }

    @EachConfiguration
    void aPathThatIsToStayBeneathADirectoryCannotLeaveIt(Configuration configuration)
            throws Exception {
        Path root = Files.createDirectory(directory.resolve("root"));
        Files.writeString(directory.resolve("secret"), "s");
        Files.writeString(root.resolve("open"), "o");
        Files.createSymbolicLink(root.resolve("out"), directory.resolve("secret"));
        OpenOptions beneath = OpenOptions.read().beneath(root);
        configuration.run(() -> {
            try (RegularFile file = RegularFile.open(Path.of("open"), beneath)) {
                assertThat(file.size()).isEqualTo(1);
            }
            for (String path : List.of("../secret", "out", "/etc/passwd")) {
                assertThatThrownBy(() -> RegularFile.open(Path.of(path), beneath))
                        .isInstanceOf(AccessDeniedException.class)
                        .hasMessageContaining("it leaves " + root);
            }
            assertThatThrownBy(() -> RegularFile.open(Path.of("none"), beneath))
                    .isInstanceOf(NoSuchFileException.class);
        });
        FileLeaks.assertNoneIn(directory);
    }

    @EachConfiguration
    void aFileIsEmptiedAndWhatIsReadOnlyIsNotWritten(Configuration configuration) throws Exception {
        Path path = Files.writeString(directory.resolve("f"), "content");
        configuration.run(() -> {
            try (RegularFile file = RegularFile.open(path)) {
                assertThatThrownBy(() -> file.write(Bytes.of("x")))
                        .isInstanceOf(SystemCallException.class)
                        .hasMessageContaining("pwrite: EBADF");
                assertThatThrownBy(() -> file.read(ByteBuffer.allocate(1), -1))
                        .isInstanceOf(IllegalArgumentException.class);
                assertThatThrownBy(() -> file.read(ByteBuffer.allocate(1).asReadOnlyBuffer()))
                        .isInstanceOf(IllegalArgumentException.class);
            }
            RegularFile file = RegularFile.open(path, WRITE, TRUNCATE_EXISTING);
            assertThat(file.size()).isZero();
            file.close();
            file.close();
            assertThatThrownBy(() -> file.write(Bytes.of("x")))
                    .isInstanceOf(ClosedChannelException.class);
        });
        FileLeaks.assertNoneIn(directory);
    }
}
