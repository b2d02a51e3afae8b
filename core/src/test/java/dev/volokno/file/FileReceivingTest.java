package dev.volokno.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.volokno.CancelledException;
import dev.volokno.SystemCallException;
import dev.volokno.fd.ByteStream;
import dev.volokno.fd.Pipe;
import dev.volokno.fiber.Fiber;
import dev.volokno.fiber.Scope;
import dev.volokno.support.Bytes;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
import dev.volokno.support.StreamKind;
import dev.volokno.support.StreamPair;
import dev.volokno.testing.TestLoop;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What goes from a stream into a file: every byte is in the one or still in the other. */
class FileReceivingTest {
    private static final OpenOptions FRESH = OpenOptions.readWrite().create().truncate();

    @TempDir Path directory;

    /** What is done with a stream, whose sink is fed and then closed. */
    private interface Body {
        void run(ByteStream source) throws Exception;
    }

    private static void fromEach(Configuration configuration, byte[] content, Body body)
            throws Exception {
        for (StreamKind kind : StreamKind.values()) {
            configuration.run(() -> {
                try (StreamPair pair = kind.open()) {
                    Fiber.start(() -> {
                        pair.sink().write(ByteBuffer.wrap(content));
                        pair.sink().close();
                    });
                    body.run(pair.source());
                }
            });
        }
    }

    private static byte[] rest(ByteStream source) throws IOException {
        return source.inputStream().readAllBytes();
    }

    @EachConfiguration
    void whatIsLeftOverGoesFirstAndNoMoreIsTakenThanAskedFor(Configuration configuration)
            throws Exception {
        byte[] content = Bytes.pattern(700_000);
        content[9] = '\n';
        Path path = directory.resolve("f");
        fromEach(
                configuration,
                content,
                source -> {
                    source.readUntil(ByteBuffer.allocate(50_000), '\n');
                    try (RegularFile file = RegularFile.open(path, FRESH)) {
                        assertThat(file.transferFrom(source, 3, 0)).isZero();
                        assertThat(file.transferFrom(source, 3, 7)).isEqualTo(7);
                        assertThat(file.transferFrom(source, 10, 600_000)).isEqualTo(600_000);
                    }
                    byte[] written = Files.readAllBytes(path);
                    assertThat(written).hasSize(600_010).startsWith(0, 0, 0);
                    assertThat(Arrays.copyOfRange(written, 3, 600_010))
                            .isEqualTo(Arrays.copyOfRange(content, 10, 600_017));
                    assertThat(rest(source))
                            .isEqualTo(Arrays.copyOfRange(content, 600_017, 700_000));
                });
    }

    @EachConfiguration
    void whatTheFileDoesNotTakeIsLeftForTheNext(Configuration configuration) throws Exception {
        byte[] content = Bytes.pattern(700_000);
        fromEach(
                configuration,
                content,
                source -> {
                    try (RegularFile file = RegularFile.openInMemory("test")) {
                        file.resize(300_000);
                        file.seal(EnumSet.of(Seal.GROW));
                        assertThatThrownBy(() -> file.transferFrom(source, 0, Long.MAX_VALUE))
                                .isInstanceOf(SystemCallException.class)
                                .hasMessageContaining("pwrite: EPERM");
                        byte[] rest = rest(source);
                        int went = content.length - rest.length;
                        assertThat(went).isBetween(1, 300_000);
                        var first = ByteBuffer.allocate(went);
                        file.read(first, 0);
                        assertThat(first.array()).isEqualTo(Arrays.copyOf(content, went));
                        assertThat(rest)
                                .isEqualTo(Arrays.copyOfRange(content, went, content.length));
                    }
                });
    }

    @Test
    void cancelledAnywhereItTellsHowManyWentAndTheRestIsThere() throws Exception {
        byte[] content = Bytes.pattern(150_000);
        assertThat(TestLoop.create().cancelEverywhere(() -> receiveAndLook(content)))
                .isGreaterThan(5);
    }

    private void receiveAndLook(byte[] content) throws Exception {
        try (Pipe pipe = Pipe.open();
                RegularFile file = RegularFile.open(directory.resolve("f"), FRESH)) {
            ByteStream source = pipe.source();
            pipe.sink().capacity(1 << 18);
            pipe.sink().write(ByteBuffer.wrap(content));
            pipe.sink().close();
            try {
                assertThat(file.transferFrom(source, 0, Long.MAX_VALUE)).isEqualTo(content.length);
            } catch (CancelledException e) {
                int went = (int) e.transferred();
                Scope.shield(
                        Duration.ofMinutes(1),
                        () -> {
                            byte[] seen = Files.readAllBytes(directory.resolve("f"));
                            assertThat(Arrays.copyOf(seen, went))
                                    .isEqualTo(Arrays.copyOf(content, went));
                            var next = ByteBuffer.allocate(100);
                            if (source.read(next) > 0) {
                                assertThat(FileBuffers.bytes(next))
                                        .isEqualTo(
                                                Arrays.copyOfRange(
                                                        content, went, went + next.position()));
                            }
                        });
                throw e;
            }
        }
    }

    @EachConfiguration
    void numbersThatCannotBeAreRefused(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (Pipe pipe = Pipe.open();
                    RegularFile file = RegularFile.openInMemory("test")) {
                assertThatThrownBy(() -> file.transferFrom(pipe.source(), 0, -1))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("-1");
                assertThatThrownBy(() -> pipe.source().transferTo(file, -1))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("-1");
            }
        });
    }
}
