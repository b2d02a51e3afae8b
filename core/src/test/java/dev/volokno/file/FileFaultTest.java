package dev.volokno.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.volokno.CancelledException;
import dev.volokno.SystemCallException;
import dev.volokno.fiber.Fiber;
import dev.volokno.support.Bytes;
import dev.volokno.support.ChildJava;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
import dev.volokno.testing.Fault;
import dev.volokno.testing.FaultScript;
import dev.volokno.testing.TestLoop;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What disks do to those who trust them. */
class FileFaultTest {
    private static final OpenOptions FRESH = OpenOptions.readWrite().create();

    /** The signal that comes with the errno, SIGXFSZ, is ignored by the JVM. */
    private static final String TOO_LARGE =
            """
            import dev.volokno.file.*;
            import dev.volokno.loop.Loop;
            import java.nio.ByteBuffer;
            import java.nio.file.*;

            void main(String[] args) throws Exception {
                Loop.run(() -> {
                    var path = Path.of(args[0]);
                    var bytes = ByteBuffer.allocate(100_000);
                    try (var file = RegularFile.open(path, OpenOptions.readWrite().create())) {
                        file.write(bytes);
                    } catch (IOException e) {
                        IO.println(e.getMessage() + " after " + bytes.position() + " bytes");
                    }
                });
            }
            """;

    @TempDir Path directory;

    @EachConfiguration
    void aFullDiskIsToldAndHowFarItGot(Configuration configuration) throws Exception {
        Path small = Files.createDirectory(directory.resolve("small"));
        var mount =
                new ProcessBuilder("mount", "-t", "tmpfs", "-o", "size=64k", "none", small + "");
        assumeTrue(mount.start().waitFor() == 0, "mounting a small file system wants a privilege");
        try {
            configuration.run(() -> {
                try (RegularFile file = RegularFile.open(small.resolve("f"), FRESH)) {
                    ByteBuffer source = ByteBuffer.wrap(Bytes.pattern(100_000));
                    assertThatThrownBy(() -> file.write(source))
                            .isInstanceOf(SystemCallException.class)
                            .hasMessageContaining("pwrite: ENOSPC");
                    assertThat(source.position()).isEqualTo(65_536);
                    assertThat(file.position()).isEqualTo(65_536);
                    assertThat(file.size()).isEqualTo(65_536);
                    assertThatThrownBy(() -> file.allocate(65_536, 4096))
                            .hasMessageContaining("fallocate: ENOSPC");
                }
                assertThatThrownBy(() ->
                                RegularFile.replaceDurably(small.resolve("f"), Bytes.of("new")))
                        .hasMessageContaining("ENOSPC");
                assertThat(Files.size(small.resolve("f"))).isEqualTo(65_536);
            });
        } finally {
            new ProcessBuilder("umount", small.toString()).start().waitFor();
        }
    }

    @EachConfiguration
    void aFileThatWouldBeTooLargeIsRefused(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (RegularFile file = RegularFile.open(directory.resolve("f"), FRESH)) {
                assertThatThrownBy(() -> file.write(Bytes.of("x"), Long.MAX_VALUE - 1))
                        .isInstanceOf(SystemCallException.class);
                assertThatThrownBy(() -> file.resize(Long.MAX_VALUE)).hasMessageContaining("EFBIG");
            }
        });
    }

    @Test
    @Timeout(60)
    void theProcessesLargestFileIsToldAndHowFarItGot() throws Exception {
        String said =
                ChildJava.of(directory, TOO_LARGE)
                        .opened()
                        .with("-XX:-UsePerfData")
                        .under("prlimit", "--fsize=65536")
                        .run(directory.resolve("f").toString());
        assertThat(said).contains("pwrite: EFBIG").contains("after 65536 bytes");
    }

    @Test
    void aFailedSyncIsToldEachTimeAlthoughTheKernelForgetsIt() throws Exception {
        var script = new FaultScript().on("fsync", Fault.errno("EIO"));
        TestLoop.create()
                .withFaults(script)
                .run(() -> {
                    try (RegularFile file = RegularFile.open(directory.resolve("f"), FRESH)) {
                        file.write(Bytes.of("lost"));
                        assertThatThrownBy(file::sync).hasMessageContaining("fsync: EIO");
                        assertThat(script.isOver()).isTrue();
                        assertThatThrownBy(file::sync)
                                .hasMessageContaining("fsync: EIO")
                                .hasMessageContaining("told before");
                        assertThatThrownBy(file::dataSync).hasMessageContaining("fdatasync: EIO");
                        assertThatThrownBy(() -> file.writeBack(0, 0)).hasMessageContaining("EIO");
                    }
                });
    }

    @Test
    void shortTransfersAndInterruptionsAreBorne() throws Exception {
        byte[] content = Bytes.pattern(5000);
        TestLoop.create()
                .withFaults((point, _) ->
                        point.call().startsWith("p")
                                ? Optional.of(Fault.shortTransfer(7))
                                : Optional.empty())
                .run(() -> {
                    try (RegularFile file = RegularFile.open(directory.resolve("f"), FRESH)) {
                        file.write(ByteBuffer.wrap(content));
                        ByteBuffer target = ByteBuffer.allocateDirect(6000);
                        assertThat(file.read(target, 0)).isEqualTo(5000);
                        assertThat(FileBuffers.bytes(target)).isEqualTo(content);
                    }
                });
    }

    @Test
    void aBodyThatReadsAndWritesIsCancelledAtEveryPlaceAndFailsAtEveryCall() throws Exception {
        Path path = directory.resolve("f");
        TestLoop.create().cancelEverywhere(() -> use(path));
        TestLoop.create().withBackend("io_uring").cancelEverywhere(() -> use(path));
        TestLoop.create().failEverywhere(() -> use(path), "EIO");
        FileLeaks.assertNoneIn(directory);
    }

    private static void use(Path path) throws Exception {
        try (RegularFile file = RegularFile.open(path, FRESH)) {
            file.write(Bytes.of("content"));
            file.write(ByteBuffer.allocateDirect(100), 10_000);
            file.sync();
            file.read(ByteBuffer.allocate(10), 0);
            file.copyTo(file, 0, 0);
            file.lock().close();
        }
    }

    @EachConfiguration
    void whoIsCancelledReadsAndWritesNothingMore(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (RegularFile file = RegularFile.open(directory.resolve("f"), FRESH)) {
                file.write(Bytes.of("content"));
                Fiber<Void> fiber =
                        Fiber.start(() -> {
                            ByteBuffer target = ByteBuffer.allocate(7);
                            Fiber.current().cancel();
                            assertThatThrownBy(() -> file.read(target, 0))
                                    .isInstanceOf(CancelledException.class);
                            assertThatThrownBy(() -> file.write(Bytes.of("x"), 0))
                                    .isInstanceOf(CancelledException.class);
                            assertThat(target.position()).isZero();
                        });
                fiber.join();
                assertThat(file.read(ByteBuffer.allocate(7), 0)).isEqualTo(7);
            }
        });
    }
}
