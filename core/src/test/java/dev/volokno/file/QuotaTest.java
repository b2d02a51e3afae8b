package dev.volokno.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.volokno.SystemCallException;
import dev.volokno.support.Bytes;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.io.TempDir;

/** A quota is used up before the disk is. */
class QuotaTest {
    private static final OpenOptions FRESH = OpenOptions.readWrite().create();
    private static final int LIMIT = 1 << 20;

    @TempDir Path directory;

    private interface Body {
        void run(Path limited) throws Exception;
    }

    private void within(Configuration configuration, Body body) throws Exception {
        Path root = Files.createDirectory(directory.resolve("root"));
        try (var mounted = Mounted.withQuota(root, directory.resolve("image"), LIMIT)) {
            configuration.run(() -> body.run(mounted.path().resolve("limited")));
        }
    }

    @EachConfiguration
    void theWriteThatIsTooMuchNamesTheCallTheErrnoAndTheFileAndTellsHowFarItGot(
            Configuration configuration) throws Exception {
        within(
                configuration,
                limited -> {
                    Path path = limited.resolve("f");
                    byte[] content = Bytes.pattern(2 * LIMIT);
                    try (RegularFile file = RegularFile.open(path, FRESH)) {
                        ByteBuffer source = ByteBuffer.wrap(content);
                        assertThatThrownBy(() -> file.write(source))
                                .isExactlyInstanceOf(SystemCallException.class)
                                .hasMessageContaining("pwrite: EDQUOT on ")
                                .hasMessageContaining(path.toString())
                                .hasMessageEndingWith("(Disk quota exceeded)");
                        assertThat(source.position()).isBetween(1, LIMIT);
                        assertThat(file.position()).isEqualTo(source.position());
                        assertThat(file.size()).isEqualTo(source.position());
                        assertThat(content).startsWith(Files.readAllBytes(path));
                        assertThatThrownBy(() -> file.allocate(0, 2 * LIMIT))
                                .hasMessageContaining("fallocate: EDQUOT on ")
                                .hasMessageContaining(path.toString());
                    }
                });
    }

    @EachConfiguration
    void aFileThatCannotBeReplacedStaysAndNothingElseDoes(Configuration configuration)
            throws Exception {
        within(
                configuration,
                limited -> {
                    Path path = Files.writeString(limited.resolve("f"), "old");
                    var content = ByteBuffer.wrap(Bytes.pattern(2 * LIMIT));
                    assertThatThrownBy(() -> RegularFile.replaceDurably(path, content))
                            .isInstanceOf(SystemCallException.class)
                            .hasMessageContaining("pwrite: EDQUOT on ")
                            .satisfies(e -> assertThat(e.getSuppressed()).isEmpty());
                    assertThat(path).hasContent("old");
                    try (Stream<Path> files = Files.list(limited)) {
                        assertThat(files).containsExactly(path);
                    }
                });
    }

    @EachConfiguration
    void aNameThatIsTooMuchIsTheJdksExceptionWithTheCallInIt(Configuration configuration)
            throws Exception {
        within(
                configuration,
                limited -> {
                    try (RegularFile file = RegularFile.open(limited.resolve("f"), FRESH)) {
                        assertThatThrownBy(
                                        () -> file.write(ByteBuffer.wrap(Bytes.pattern(2 * LIMIT))))
                                .hasMessageContaining("EDQUOT");
                    }
                    assertThatThrownBy(() -> makeMany(limited))
                            .isExactlyInstanceOf(FileSystemException.class)
                            .hasMessageStartingWith(limited + "/d")
                            .hasMessageContaining("mkdir: EDQUOT")
                            .cause()
                            .asInstanceOf(InstanceOfAssertFactories.type(SystemCallException.class))
                            .returns("EDQUOT", SystemCallException::errno)
                            .returns("mkdir", SystemCallException::call);
                });
    }

    /** More than a tree of the file system takes without room. */
    private static void makeMany(Path limited) throws Exception {
        for (int i = 0; i < 20_000; i++) {
            Directories.make(limited.resolve("d" + i));
        }
    }
}
