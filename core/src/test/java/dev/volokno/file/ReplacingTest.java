package dev.volokno.file;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.volokno.support.Bytes;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
import dev.volokno.testing.TestLoop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A file's content is replaced wholly or not at all. */
class ReplacingTest {
    private static final String PROGRAM =
            """
            import dev.volokno.file.RegularFile;
            import dev.volokno.loop.Loop;
            import java.nio.ByteBuffer;
            import java.nio.file.Path;

            class Program {
                public static void main(String[] arguments) throws Exception {
                    Loop.run(() -> {
                        for (int i = 0; ; i++) {
                            var content = new byte[100_000];
                            java.util.Arrays.fill(content, (byte) i);
                            RegularFile.replaceDurably(Path.of(arguments[0]), ByteBuffer.wrap(content));
                            if (i == 3) {
                                System.out.println("replaces");
                            }
                        }
                    });
                }
            }
            """;

    @TempDir Path directory;

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.toList();
        }
    }

    @EachConfiguration
    void theNewContentHasTheOldPermissionsAndNothingElseIsLeft(Configuration configuration)
            throws Exception {
        Path path = Files.writeString(directory.resolve("f"), "old");
        var permissions = PosixFilePermissions.fromString("rw-r-xr-x");
        Files.setPosixFilePermissions(path, permissions);
        configuration.run(() -> {
            RegularFile.replaceDurably(path, Bytes.of("new"));
            assertThat(Files.readString(path)).isEqualTo("new");
            assertThat(Files.getPosixFilePermissions(path)).isEqualTo(permissions);
            RegularFile.replaceDurably(directory.resolve("fresh"), Bytes.of("first"));
            assertThat(Files.readString(directory.resolve("fresh"))).isEqualTo("first");
            assertThat(files()).hasSize(2);
        });
        FileLeaks.assertNoneIn(directory);
    }

    @EachConfiguration
    void aLinkStaysAndWhatItLeadsToIsReplaced(Configuration configuration) throws Exception {
        Path path = Files.writeString(directory.resolve("f"), "old");
        Path link = Files.createSymbolicLink(directory.resolve("link"), path);
        configuration.run(() -> RegularFile.replaceDurably(link, Bytes.of("new")));
        assertThat(link).isSymbolicLink();
        assertThat(Files.readString(path)).isEqualTo("new");
    }

    @EachConfiguration
    void aWriterThatFailsLeavesTheOldContentAndNothingElse(Configuration configuration)
            throws Exception {
        Path path = Files.writeString(directory.resolve("f"), "old");
        configuration.run(() ->
                assertThatThrownBy(() ->
                                RegularFile.replaceDurably(
                                        path,
                                        file -> {
                                            file.write(Bytes.of("half"));
                                            throw new IOException("enough");
                                        }))
                        .hasMessage("enough"));
        assertThat(Files.readString(path)).isEqualTo("old");
        assertThat(files()).hasSize(1);
        FileLeaks.assertNoneIn(directory);
    }

    @Test
    void theContentIsOnTheDeviceBeforeTheNameAndTheNameBeforeItReturns() throws Exception {
        Path path = Files.writeString(directory.resolve("f"), "old");
        var calls = new ArrayList<String>();
        TestLoop.create()
                .withFaults((point, _) -> {
                    calls.add(point.call());
                    return Optional.empty();
                })
                .run(() -> RegularFile.replaceDurably(path, Bytes.of("new")));
        assertThat(calls)
                .containsSubsequence("open", "pwrite", "fchmod", "fsync", "rename", "fsync");
    }

    @Test
    void cancelledOrFailedAnywhereItLeavesTheOldContentOrTheNew() throws Exception {
        Path path = directory.resolve("f");
        assertThat(TestLoop.create().cancelEverywhere(() -> replaceAndLook(path)))
                .isGreaterThan(10);
        TestLoop.create().failEverywhere(() -> replaceAndLook(path), "EIO");
        FileLeaks.assertNoneIn(directory);
    }

    private void replaceAndLook(Path path) throws IOException {
        Files.writeString(path, "old");
        try {
            RegularFile.replaceDurably(path, Bytes.of("new"));
        } finally {
            assertThat(Files.readString(path)).isIn("old", "new");
        }
    }

    @Timeout(120)
    @Test
    void aProcessThatIsKilledAtAnyMomentLeavesTheOldContentOrTheNew() throws Exception {
        killAndLook(20);
    }

    @Tag("soak")
    @Timeout(1200)
    @Test
    void aProcessThatIsKilledFiveHundredTimesDoesToo() throws Exception {
        killAndLook(500);
    }

    private void killAndLook(int times) throws Exception {
        Path path = directory.resolve("f");
        Path source = Files.writeString(directory.resolve("Program.java"), PROGRAM);
        var location = RegularFile.class.getProtectionDomain().getCodeSource().getLocation();
        String classes = Path.of(location.toURI()).toString();
        Process compiler =
                new ProcessBuilder(tool("javac"), "-cp", classes, "-d", directory + "", source + "")
                        .inheritIO()
                        .start();
        assertThat(compiler.waitFor()).isZero();
        var random = new Random(times);
        for (int i = 0; i < times; i++) {
            Process child = start(classes, path);
            awaitReplacing(child);
            long end = System.nanoTime() + random.nextInt(30_000_000);
            while (System.nanoTime() < end) {
                Thread.onSpinWait();
            }
            child.destroyForcibly().waitFor();
            byte[] content = Files.readAllBytes(path);
            assertThat(content).hasSize(100_000).containsOnly(content[0]);
        }
    }

    /** On a busy machine a warning may come first, that a loop is held. */
    private static void awaitReplacing(Process child) throws IOException {
        String line = "";
        while (!line.equals("replaces")) {
            line = child.inputReader(UTF_8).readLine();
            assertThat(line).as("the child's output").isNotNull();
        }
    }

    private Process start(String classes, Path path) throws IOException {
        return new ProcessBuilder(
                        tool("java"),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "--add-opens=java.base/java.lang=ALL-UNNAMED",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        classes + ":" + directory,
                        "Program",
                        path.toString())
                .redirectErrorStream(true)
                .start();
    }

    private static String tool(String name) {
        return Path.of(System.getProperty("java.home"), "bin", name).toString();
    }
}
