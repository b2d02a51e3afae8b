package dev.volokno.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.volokno.DeadlineException;
import dev.volokno.SystemCallException;
import dev.volokno.fiber.Deadline;
import dev.volokno.fiber.Fiber;
import dev.volokno.support.Bytes;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
import dev.volokno.support.StreamKind;
import dev.volokno.support.StreamPair;
import dev.volokno.support.Waiting;
import dev.volokno.testing.TestLoop;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Linux offers beyond reading and writing. */
class FileFeaturesTest {
    private static final long LARGE = 4L << 30;
    private static final OpenOptions FRESH = OpenOptions.readWrite().create();

    @TempDir Path directory;

    @EachConfiguration
    void directTransfersPassTheCacheBy(Configuration configuration) throws Exception {
        Path path = Files.write(directory.resolve("f"), Bytes.pattern(20_000));
        configuration.run(() -> {
            try (RegularFile file = RegularFile.open(path, OpenOptions.readWrite().direct())) {
                int unit = file.directAlignment();
                ByteBuffer target = file.directBuffer(32 * unit);
                assertThat(file.read(target, 0)).isEqualTo(Math.min(20_000, 32 * unit));
                ByteBuffer heap = ByteBuffer.allocate(5 * 4096);
                assertThat(file.read(heap, 0)).isEqualTo(20_000);
                assertThat(FileBuffers.bytes(heap)).isEqualTo(Bytes.pattern(20_000));
                ByteBuffer one = file.directBuffer(unit);
                assertThat(file.write(one, unit)).isEqualTo(unit);
                assertThatThrownBy(() -> file.read(one.clear(), 1))
                        .isInstanceOf(SystemCallException.class)
                        .hasMessageContaining("EINVAL");
            }
        });
    }

    @EachConfiguration
    void roomIsTakenGivenBackAndFound(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (RegularFile file = RegularFile.open(directory.resolve("f"), FRESH)) {
                file.allocate(0, 1 << 20);
                assertThat(file.size()).isEqualTo(1 << 20);
                assertThat(file.status().allocated()).isGreaterThanOrEqualTo(1 << 20);
                file.write(ByteBuffer.wrap(Bytes.pattern(1 << 20)));
                file.punchHole(65_536, 65_536);
                assertThat(file.nextHole(0)).isEqualTo(65_536);
                assertThat(file.nextData(65_536)).isEqualTo(131_072);
                assertThat(file.nextData(1 << 20)).isEqualTo(-1);
                file.advise(Advice.SEQUENTIAL, 0, 0);
            }
        });
    }

    @EachConfiguration
    void aLockIsWaitedForAndASecondOpenFileIsRefused(Configuration configuration) throws Exception {
        Path path = directory.resolve("f");
        configuration.run(() -> {
            try (RegularFile one = RegularFile.open(path, FRESH);
                    RegularFile other = RegularFile.open(path, FRESH)) {
                RangeLock held = one.lock();
                assertThat(other.tryLock(false, 5, 1)).isEmpty();
                assertThatThrownBy(() -> Deadline.within(Duration.ofMillis(5), () -> other.lock()))
                        .isInstanceOf(DeadlineException.class);
                Fiber<RangeLock> waiting = Waiting.untilParked(Fiber.start(() -> other.lock()));
                held.close();
                held.close();
                waiting.join().close();
                RangeLock shared = one.lock(true, 0, 10);
                assertThat(other.tryLock(true, 0, 10)).isPresent();
                assertThat(shared.isShared()).isTrue();
            }
        });
    }

    @EachConfiguration
    void aFileWithoutANameIsGivenOne(Configuration configuration) throws Exception {
        Path path = directory.resolve("f");
        configuration.run(() -> {
            try (RegularFile file = RegularFile.openTemporary(directory)) {
                file.write(Bytes.of("content"));
                assertThat(Directories.list(directory)).isEmpty();
                file.linkAs(path);
                assertThat(Files.readString(path)).isEqualTo("content");
                assertThatThrownBy(() -> file.linkAs(path))
                        .isInstanceOf(FileAlreadyExistsException.class);
            }
        });
    }

    @EachConfiguration
    void namesAndSizesThatCannotBeAreRefused(Configuration configuration) throws Exception {
        configuration.run(() -> {
            assertThatThrownBy(() -> RegularFile.openInMemory("a\0b"))
                    .isInstanceOf(IllegalArgumentException.class);
            try (RegularFile file = RegularFile.openInMemory("test")) {
                for (int size : new int[] {-1, Integer.MAX_VALUE}) {
                    assertThatThrownBy(() -> file.directBuffer(size))
                            .isInstanceOf(IllegalArgumentException.class)
                            .hasMessageContaining("" + size);
                }
            }
        });
    }

    @EachConfiguration
    void aFileInMemoryIsSealed(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (RegularFile file = RegularFile.openInMemory("test")) {
                file.write(Bytes.of("content"));
                file.seal(EnumSet.of(Seal.SHRINK, Seal.WRITE));
                assertThat(file.seals()).containsExactlyInAnyOrder(Seal.SHRINK, Seal.WRITE);
                assertThatThrownBy(() -> file.write(Bytes.of("x"), 0))
                        .hasMessageContaining("pwrite: EPERM");
                assertThat(file.read(ByteBuffer.allocate(9), 0)).isEqualTo(7);
            }
        });
    }

    @EachConfiguration
    void aFileIsCopied(Configuration configuration) throws Exception {
        byte[] content = Bytes.pattern(3_000_000);
        Path path = Files.write(directory.resolve("f"), content);
        configuration.run(() -> {
            for (Path copy : new Path[] {directory.resolve("g"), Path.of("/dev/shm/volokno-g")}) {
                try (RegularFile source = RegularFile.open(path);
                        RegularFile target = RegularFile.open(copy, FRESH)) {
                    assertThat(source.copyTo(target)).isEqualTo(content.length);
                    assertThat(Files.readAllBytes(copy)).isEqualTo(content);
                    target.resize(0);
                    assertThat(source.copyTo(target, 2_999_990, 100)).isEqualTo(10);
                    assertThat(target.size()).isEqualTo(content.length);
                } finally {
                    Files.deleteIfExists(copy);
                }
            }
        });
    }

    @EachConfiguration
    void aCopyThatIsCancelledEndsWithItsPiece(Configuration configuration) throws Exception {
        Path copy = directory.resolve("g");
        configuration.run(() -> {
            try (RegularFile source = RegularFile.open(directory.resolve("f"), FRESH);
                    RegularFile target = RegularFile.open(copy, FRESH)) {
                source.resize(LARGE);
                var copying = Fiber.start(() -> source.copyTo(target));
                Waiting.until(() -> copy.toFile().length() > 0);
                copying.cancel();
                assertThatThrownBy(copying::join).isInstanceOf(CancellationException.class);
            }
        });
        // Closing waits for what was left to the thread.
        assertThat(Files.size(copy)).isPositive().isLessThan(LARGE / 2);
    }

    @EachConfiguration
    void aFileGoesIntoStreamsAndComesOutOfThem(Configuration configuration) throws Exception {
        byte[] content = Bytes.pattern(1_500_000);
        Path path = Files.write(directory.resolve("f"), content);
        configuration.run(() -> {
            for (StreamKind kind : StreamKind.values()) {
                Path copy = directory.resolve("g");
                try (StreamPair pair = kind.open();
                        RegularFile source = RegularFile.open(path);
                        RegularFile target = RegularFile.open(copy, FRESH.truncate())) {
                    Fiber<Long> sender =
                            Fiber.start(() -> {
                                long sent = source.transferTo(pair.sink(), 0, Long.MAX_VALUE);
                                pair.sink().close();
                                return sent;
                            });
                    assertThat(target.transferFrom(pair.source(), 0, Long.MAX_VALUE))
                            .isEqualTo(content.length);
                    assertThat(sender.join()).isEqualTo(content.length);
                    assertThat(Files.readAllBytes(copy)).isEqualTo(content);
                }
            }
        });
    }

    /** sendfile(2) would hold the pipe's lock meanwhile, for which its reader waits. */
    @Test
    void noPipeIsHeldWhileADiskIsWaitedFor() throws Exception {
        Path path = Files.write(directory.resolve("f"), Bytes.pattern(1_500_000));
        assertThat(callsOfSending(path, StreamKind.PIPE))
                .contains("pread", "write")
                .doesNotContain("sendfile", "splice");
        assertThat(callsOfSending(path, StreamKind.TCP)).contains("sendfile");
    }

    private static List<String> callsOfSending(Path path, StreamKind kind) throws Exception {
        var calls = new ArrayList<String>();
        TestLoop.create()
                .withFaults((point, _) -> {
                    calls.add(point.call());
                    return Optional.empty();
                })
                .run(() -> {
                    try (StreamPair pair = kind.open();
                            RegularFile source = RegularFile.open(path)) {
                        Fiber.start(() -> {
                            source.transferTo(pair.sink(), 0, Long.MAX_VALUE);
                            pair.sink().close();
                        });
                        pair.source().inputStream().readAllBytes();
                    }
                });
        return calls;
    }

    @EachConfiguration
    void theJdksStreamsReadAndWriteIt(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (RegularFile file = RegularFile.open(directory.resolve("f"), FRESH)) {
                file.outputStream().write("content".getBytes("UTF-8"));
                file.position(3);
                assertThat(file.inputStream().readAllBytes()).asString().isEqualTo("tent");
            }
        });
    }
}
