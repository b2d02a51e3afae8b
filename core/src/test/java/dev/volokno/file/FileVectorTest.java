package dev.volokno.file;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.volokno.fiber.Scope;
import dev.volokno.support.Bytes;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

class FileVectorTest {
    private static final int EACH = 150_000;

    @TempDir Path directory;

    /** On a disk, and in memory: they take different ways. */
    private List<Path> files() {
        return List.of(directory.resolve("f"), Path.of("/dev/shm/volokno-" + directory.hashCode()));
    }

    private static ByteBuffer[] filled(byte[] content) {
        ByteBuffer[] buffers = FileBuffers.each(EACH).toArray(ByteBuffer[]::new);
        for (int i = 0; i < buffers.length; i++) {
            buffers[i].put(content, i * EACH, EACH).flip();
        }
        return buffers;
    }

    @EachConfiguration
    void buffersOfEveryKindAreWrittenAndFilledTogether(Configuration configuration)
            throws Exception {
        byte[] content = Bytes.pattern(4 * EACH);
        configuration.run(() -> {
            for (Path path : files()) {
                try (RegularFile file = RegularFile.open(path, READ, WRITE, CREATE_NEW)) {
                    assertThat(file.write(filled(content))).isEqualTo(content.length);
                    assertThat(file.position()).isEqualTo(content.length);
                    assertThat(file.write(filled(content), content.length))
                            .isEqualTo(content.length);
                    ByteBuffer[] targets = FileBuffers.each(EACH).toArray(ByteBuffer[]::new);
                    assertThat(file.read(targets)).isEqualTo(content.length);
                    assertThat(file.position()).isEqualTo(2L * content.length);
                    for (int i = 0; i < targets.length; i++) {
                        assertThat(FileBuffers.bytes(targets[i]))
                                .isEqualTo(Arrays.copyOfRange(content, i * EACH, (i + 1) * EACH));
                    }
                    assertThat(Files.readAllBytes(path)).startsWith(content).endsWith(content);
                } finally {
                    Files.deleteIfExists(path);
                }
            }
        });
    }

    @EachConfiguration
    void theFilesEndIsTheEndOfTheLastBufferThatGotSomething(Configuration configuration)
            throws Exception {
        Path path = Files.write(directory.resolve("f"), Bytes.pattern(10));
        configuration.run(() -> {
            try (RegularFile file = RegularFile.open(path)) {
                ByteBuffer[] targets = {
                    ByteBuffer.allocate(0), ByteBuffer.allocate(6), ByteBuffer.allocateDirect(6)
                };
                assertThat(file.read(targets, 0)).isEqualTo(10);
                assertThat(targets[2].position()).isEqualTo(4);
                assertThat(file.read(targets, 10)).isEqualTo(-1);
                assertThat(file.read(targets, 0, 2)).isZero();
                assertThat(file.position()).isZero();
            }
        });
    }

    @EachConfiguration
    void moreBuffersThanOneCallTakesAreAllWritten(Configuration configuration) throws Exception {
        Path path = directory.resolve("f");
        byte[] content = Bytes.pattern(3000);
        configuration.run(() -> {
            var sources = new ByteBuffer[content.length];
            Arrays.setAll(sources, i -> ByteBuffer.wrap(content, i, 1));
            try (RegularFile file = RegularFile.open(path, WRITE, CREATE)) {
                assertThat(file.write(sources)).isEqualTo(content.length);
            }
            assertThat(Files.readAllBytes(path)).isEqualTo(content);
        });
    }

    @EachConfiguration
    void whatIsAppendedTogetherStaysTogether(Configuration configuration) throws Exception {
        Path path = directory.resolve("f");
        int fibers = 4;
        int times = 200;
        configuration.run(() -> {
            Scope.run(scope -> {
                for (int i = 0; i < fibers; i++) {
                    byte letter = (byte) ('a' + i);
                    scope.fork(() -> append(path, letter, times));
                }
                return true;
            });
        });
        byte[] bytes = Files.readAllBytes(path);
        assertThat(bytes).hasSize(fibers * times * 4);
        for (int i = 0; i < bytes.length; i += 4) {
            assertThat(Arrays.copyOfRange(bytes, i, i + 4)).containsOnly(bytes[i]);
        }
    }

    private static boolean append(Path path, byte letter, int times) throws IOException {
        try (RegularFile file = RegularFile.open(path, APPEND, CREATE)) {
            for (int i = 0; i < times; i++) {
                byte[] one = {letter, letter};
                file.write(new ByteBuffer[] {ByteBuffer.wrap(one), ByteBuffer.wrap(one)});
            }
        }
        return true;
    }

    @EachConfiguration
    void directTransfersTakeManyBuffersToo(Configuration configuration) throws Exception {
        Path path = directory.resolve("f");
        configuration.run(() -> {
            OpenOptions options = OpenOptions.readWrite().createNew().direct();
            try (RegularFile file = RegularFile.open(path, options)) {
                int block = Math.max(file.directAlignment(), 4096);
                byte[] content = Bytes.pattern(2 * block);
                ByteBuffer direct = file.directBuffer(block).put(content, 0, block).flip();
                ByteBuffer heap = ByteBuffer.wrap(content, block, block);
                assertThat(file.write(new ByteBuffer[] {direct, heap}, 0)).isEqualTo(2L * block);
                ByteBuffer[] targets = {ByteBuffer.allocate(block), file.directBuffer(2 * block)};
                assertThat(file.read(targets, 0)).isEqualTo(2L * block);
                assertThat(targets[1].position()).isEqualTo(block);
                assertThat(Files.readAllBytes(path)).isEqualTo(content);
            }
        });
    }

    @EachConfiguration
    void aBufferThatIsGoneIsRefusedAndTheFileCanBeClosed(Configuration configuration)
            throws Exception {
        Path path = Files.write(directory.resolve("f"), new byte[10]);
        configuration.run(() -> {
            ByteBuffer gone;
            try (Arena arena = Arena.ofConfined()) {
                gone = arena.allocate(10).asByteBuffer();
            }
            ByteBuffer[] both = {ByteBuffer.allocate(1), gone};
            try (RegularFile file = RegularFile.open(path)) {
                assertThatThrownBy(() -> file.read(gone, 0))
                        .isInstanceOf(IllegalStateException.class);
                assertThatThrownBy(() -> file.read(both, 0))
                        .isInstanceOf(IllegalStateException.class);
            }
        });
    }
}
