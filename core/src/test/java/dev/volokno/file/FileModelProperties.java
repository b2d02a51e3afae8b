package dev.volokno.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.volokno.support.Configuration;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever is done to a file, it is what an array would be. */
class FileModelProperties {
    enum What {
        WRITE,
        WRITE_AT,
        READ,
        READ_AT,
        MOVE,
        TRUNCATE,
        RESIZE,
        PUNCH
    }

    /** One call: on a place, with so many bytes, in a buffer on the heap or not. */
    record Step(What what, int place, int length, boolean direct) {
        ByteBuffer buffer() {
            return direct ? ByteBuffer.allocateDirect(length) : ByteBuffer.allocate(length);
        }

        ByteBuffer filled() {
            ByteBuffer buffer = buffer();
            while (buffer.hasRemaining()) {
                buffer.put((byte) (place + 31 * buffer.position() + 1));
            }
            return buffer.flip();
        }
    }

    /** What a file is to be. */
    private static final class Model {
        private byte[] content = new byte[0];
        private int position;

        void write(ByteBuffer source, int at) {
            int end = at + source.remaining();
            if (source.hasRemaining()) {
                content = Arrays.copyOf(content, Math.max(content.length, end));
                source.get(0, content, at, source.remaining());
            }
        }

        byte[] read(int at, int length) {
            int end = Math.min(content.length, at + length);
            return at >= end ? new byte[0] : Arrays.copyOfRange(content, at, end);
        }

        void take(RegularFile file, Step step) throws Exception {
            switch (step.what) {
                case WRITE -> {
                    write(step.filled(), position);
                    position += file.write(step.filled());
                }
                case WRITE_AT -> {
                    write(step.filled(), step.place);
                    file.write(step.filled(), step.place);
                }
                case READ -> {
                    ByteBuffer target = step.buffer();
                    file.read(target);
                    check(target, position, step.length);
                    position += target.position();
                }
                case READ_AT -> {
                    ByteBuffer target = step.buffer();
                    file.read(target, step.place);
                    check(target, step.place, step.length);
                }
                case MOVE -> {
                    file.position(step.place);
                    position = step.place;
                }
                case TRUNCATE -> {
                    file.truncate(step.place);
                    content = read(0, step.place);
                    position = Math.min(position, step.place);
                }
                case RESIZE -> {
                    file.resize(step.place);
                    content = Arrays.copyOf(content, step.place);
                }
                case PUNCH -> {
                    file.punchHole(step.place, step.length + 1L);
                    int from = Math.min(step.place, content.length);
                    int to = Math.min(step.place + step.length + 1, content.length);
                    Arrays.fill(content, from, to, (byte) 0);
                }
            }
            assertThat(file.position()).isEqualTo(position);
        }

        private void check(ByteBuffer target, int at, int length) {
            assertThat(FileBuffers.bytes(target)).isEqualTo(read(at, length));
        }
    }

    @Property(tries = 60, edgeCases = EdgeCasesMode.NONE)
    void aFileIsWhatAnArrayWouldBe(
            @ForAll Configuration configuration,
            @ForAll boolean inMemory,
            @ForAll("steps") List<Step> steps)
            throws Exception {
        Path path = Files.createTempFile(inMemory ? Path.of("/dev/shm") : Path.of("."), "f", "");
        try {
            configuration.run(() -> {
                var model = new Model();
                try (RegularFile file = RegularFile.open(path, OpenOptions.readWrite())) {
                    for (Step step : steps) {
                        model.take(file, step);
                    }
                }
                assertThat(Files.readAllBytes(path)).isEqualTo(model.content);
            });
        } finally {
            Files.delete(path);
        }
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        Arbitrary<Integer> places = Arbitraries.integers().between(0, 400_000);
        Arbitrary<Integer> lengths =
                Arbitraries.oneOf(
                        Arbitraries.integers().between(0, 100),
                        Arbitraries.integers().between(0, 300_000));
        return Combinators.combine(
                        Arbitraries.of(What.class), places, lengths, Arbitraries.of(true, false))
                .as(Step::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(15);
    }
}
