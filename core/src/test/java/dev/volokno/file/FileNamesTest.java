package dev.volokno.file;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotLinkException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import org.junit.jupiter.api.io.TempDir;

class FileNamesTest {
    @TempDir Path directory;

    @EachConfiguration
    void namesAreGivenTakenAndExchanged(Configuration configuration) throws Exception {
        Path a = Files.writeString(directory.resolve("a"), "a");
        Path b = Files.writeString(directory.resolve("b"), "b");
        Path c = directory.resolve("c");
        Path full = Files.createDirectories(directory.resolve("full/x")).getParent();
        configuration.run(() -> {
            FileNames.exchange(a, b);
            assertThat(Files.readString(a)).isEqualTo("b");
            assertThatThrownBy(() -> FileNames.renameNew(a, b))
                    .isInstanceOf(FileAlreadyExistsException.class)
                    .hasMessageContaining("rename: EEXIST");
            FileNames.rename(a, b);
            assertThat(Files.readString(b)).isEqualTo("b");
            FileNames.link(b, c);
            assertThat(FileNames.status(c).links()).isEqualTo(2);
            assertThat(FileNames.status(c).isSameFile(FileNames.status(b))).isTrue();
            FileNames.remove(b);
            assertThatThrownBy(() -> FileNames.remove(b)).isInstanceOf(NoSuchFileException.class);
            assertThat(FileNames.removeIfThere(b)).isFalse();
            assertThatThrownBy(() -> FileNames.remove(full))
                    .isInstanceOf(FileSystemException.class);
            Path empty = Files.createDirectory(directory.resolve("empty"));
            assertThatThrownBy(() -> FileNames.rename(empty, full))
                    .isInstanceOf(DirectoryNotEmptyException.class);
            assertThatThrownBy(() -> FileNames.rename(c, Path.of("/dev/shm/volokno-c")))
                    .isInstanceOf(FileSystemException.class)
                    .hasMessageContaining("EXDEV");
        });
    }

    @EachConfiguration
    void linksAreMadeReadAndResolved(Configuration configuration) throws Exception {
        Path real = directory.toRealPath();
        Path file = Files.writeString(real.resolve("file"), "content");
        configuration.run(() -> {
            Path link = real.resolve("link");
            FileNames.symbolicLink(link, Path.of("file"));
            assertThat(FileNames.readLink(link)).isEqualTo(Path.of("file"));
            assertThat(FileNames.linkStatus(link).type()).isEqualTo(FileType.LINK);
            assertThat(FileNames.status(link).size()).isEqualTo(7);
            assertThat(FileNames.realPath(real.resolve("./x/../link".replace("x/../", ""))))
                    .isEqualTo(file);
            assertThatThrownBy(() -> FileNames.readLink(file)).isInstanceOf(NotLinkException.class);
            assertThat(FileNames.exists(real.resolve("none"))).isFalse();
            assertThat(FileNames.exists(link)).isTrue();
            assertThatThrownBy(() -> FileNames.realPath(real.resolve("none")))
                    .isInstanceOf(NoSuchFileException.class);
        });
    }

    @EachConfiguration
    void attributesAreSetAndTold(Configuration configuration) throws Exception {
        Path file = Files.writeString(directory.resolve("f"), "content");
        configuration.run(() -> {
            FileAttributes.permissions(file, PosixFilePermissions.fromString("rwxr-x--x"));
            FileAttributes.mode(file, FileNames.status(file).mode() | 01000);
            FileAttributes.times(file, Instant.ofEpochSecond(5, 7), Instant.ofEpochSecond(-3));
            FileStatus status = FileNames.status(file);
            assertThat(PosixFilePermissions.toString(status.permissions())).isEqualTo("rwxr-x--x");
            assertThat(status.mode()).isEqualTo(01751);
            assertThat(status.accessed()).isEqualTo(Instant.ofEpochSecond(5, 7));
            assertThat(status.modified()).isEqualTo(Instant.ofEpochSecond(-3));
            FileAttributes.modified(file, Instant.ofEpochSecond(9));
            assertThat(FileNames.status(file).accessed()).isEqualTo(Instant.ofEpochSecond(5, 7));
            FileAttributes.owner(file, -1, -1);
            FileAttributes.extended(file, "user.comment", "hä".getBytes(UTF_8));
            assertThat(FileAttributes.extended(file, "user.comment"))
                    .hasValue("hä".getBytes(UTF_8));
            assertThat(FileAttributes.extendedNames(file)).contains("user.comment");
            assertThat(FileAttributes.removeExtended(file, "user.comment")).isTrue();
            assertThat(FileAttributes.removeExtended(file, "user.comment")).isFalse();
            assertThat(FileAttributes.extended(file, "user.comment")).isEmpty();
            DiskSpace space = DiskSpace.of(file);
            assertThat(space.total()).isEqualTo(Files.getFileStore(file).getTotalSpace());
            assertThat(space.available()).isPositive().isLessThanOrEqualTo(space.free());
        });
    }
}
