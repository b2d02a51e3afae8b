package dev.volokno.fd;

import static dev.volokno.support.Waiting.awaitParked;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.volokno.DeadlineException;
import dev.volokno.SystemCallException;
import dev.volokno.descriptor.Descriptor;
import dev.volokno.descriptor.Kind;
import dev.volokno.fiber.Fiber;
import dev.volokno.linux.Fcntl;
import dev.volokno.loop.Loop;
import dev.volokno.net.TcpListener;
import dev.volokno.net.TcpSocket;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
import dev.volokno.support.Standard;
import dev.volokno.tty.Pty;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.io.TempDir;

class StandardStreamsTest {
    /** More than a pipe or a terminal holds. */
    private static final int MUCH = 300_000;

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(UTF_8));
    }

    private static String readAll(ByteStream stream) throws Exception {
        return new String(stream.inputStream().readAllBytes(), UTF_8);
    }

    /** Parks in a read of the standard input until {@code writer} writes a line. */
    private static void readsALine(ByteStream in, ByteStream writer) throws Exception {
        var line = ByteBuffer.allocate(100);
        assertThatThrownBy(() -> in.readUntil(line, '\n', Duration.ofMillis(10)))
                .isInstanceOf(DeadlineException.class);
        var reader = Fiber.start(() -> in.readUntil(line, '\n'));
        awaitParked(reader);
        writer.write(bytes("a line\n"));
        reader.join();
        assertThat(UTF_8.decode(line.flip()).toString()).isEqualTo("a line\n");
    }

    /** Writes more than fits at once while {@code reader} takes it. */
    private static void writesMuch(ByteStream out, ByteStream reader) throws Exception {
        var writer = Fiber.start(() -> out.write(ByteBuffer.allocate(MUCH)));
        awaitParked(writer);
        reader.readFully(ByteBuffer.allocate(MUCH));
        assertThat(writer.join()).isEqualTo(MUCH);
    }

    @EachConfiguration
    void aPipeIsReadWithoutBlockingTheLoopUntilItsEnd(Configuration configuration)
            throws Exception {
        configuration.run(() -> {
            int[] pipe = Standard.pipe();
            Standard.replaced(
                    0,
                    pipe[0],
                    () -> {
                        ByteStream far = ByteStream.over(Fd.adopt(pipe[1]));
                        try (var in = StandardStreams.in()) {
                            readsALine(in, far);
                            far.close();
                            assertThat(in.read(ByteBuffer.allocate(1))).isEqualTo(-1);
                        }
                    });
        });
    }

    @EachConfiguration
    void aPipeIsWrittenWithoutBlockingTheLoop(Configuration configuration) throws Exception {
        configuration.run(() -> {
            int[] pipe = Standard.pipe();
            Standard.replaced(
                    1,
                    pipe[1],
                    () -> {
                        try (var out = StandardStreams.out();
                                var far = ByteStream.over(Fd.adopt(pipe[0]))) {
                            writesMuch(out, far);
                        }
                    });
        });
    }

    @EachConfiguration
    void aTerminalIsReadAndWrittenAndStaysBlockingForOthers(Configuration configuration)
            throws Exception {
        configuration.run(() -> {
            try (Pty far = Pty.open()) {
                far.makeRaw();
                int slave = Standard.open(far.path().toString(), Fcntl.O_RDWR);
                Standard.replaced(
                        0,
                        slave,
                        () -> {
                            try (var in = StandardStreams.in()) {
                                readsALine(in, far);
                            }
                        });
            }
        });
    }

    @EachConfiguration
    void aTerminalIsWrittenToAsFastAsItTakesIt(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (Pty far = Pty.open()) {
                far.makeRaw();
                int slave = Standard.open(far.path().toString(), Fcntl.O_RDWR);
                Standard.replaced(
                        2,
                        slave,
                        () -> {
                            try (var err = StandardStreams.err()) {
                                writesMuch(err, far);
                            }
                        });
            }
        });
    }

    @EachConfiguration
    void aSocketIsReadAndWrittenThoughItBlocks(Configuration configuration) throws Exception {
        var local = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        configuration.run(() -> {
            try (var listener = TcpListener.bind(local);
                    var near = TcpSocket.connect(listener.localAddress());
                    var far = listener.accept()) {
                int copy = near.fd().use(Standard::blocking);
                Standard.replaced(
                        0,
                        copy,
                        () -> {
                            try (var in = StandardStreams.in()) {
                                readsALine(in, far);
                                writesMuch(in, far);
                            }
                        });
            }
        });
    }

    @EachConfiguration
    void filesAreReadAndWrittenDirectly(Configuration configuration, @TempDir Path folder)
            throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "what is in it");
        configuration.run(() -> {
            Standard.replaced(
                    0,
                    Standard.open(file.toString(), Fcntl.O_RDONLY),
                    () -> {
                        try (var in = StandardStreams.in()) {
                            assertThat(readAll(in)).isEqualTo("what is in it");
                        }
                    });
            Standard.replaced(
                    1,
                    Standard.open(file.toString(), Fcntl.O_WRONLY),
                    () -> {
                        try (var out = StandardStreams.out();
                                var again = StandardStreams.out()) {
                            out.write(bytes("WHAT "));
                            again.write(bytes("IS"));
                        }
                    });
        });
        assertThat(file).hasContent("WHAT IS in it");
    }

    @EachConfiguration
    void theNullDeviceIsEmptyAndTakesAll(Configuration configuration) throws Exception {
        configuration.run(() ->
                Standard.replaced(
                        0,
                        Standard.open("/dev/null", Fcntl.O_RDWR),
                        () -> {
                            try (var in = StandardStreams.in()) {
                                assertThat(in.read(ByteBuffer.allocate(1))).isEqualTo(-1);
                                assertThat(in.write(ByteBuffer.allocate(MUCH))).isEqualTo(MUCH);
                            }
                        }));
    }

    @EachConfiguration
    void aPipeWithoutAReaderFails(Configuration configuration) throws Exception {
        configuration.run(() -> {
            int[] pipe = Standard.pipe();
            Standard.close(pipe[0]);
            Standard.replaced(
                    1,
                    pipe[1],
                    () -> {
                        try (var out = StandardStreams.out()) {
                            assertThatThrownBy(() -> out.write(bytes("x")))
                                    .isInstanceOf(SystemCallException.class)
                                    .hasMessageContaining("EPIPE");
                        }
                    });
        });
    }

    @EachConfiguration
    void whatCannotBeOpenedAnewStillParks(Configuration configuration) throws Exception {
        configuration.run(() -> {
            int[] pipe = Standard.pipe();
            try (var source = shared(pipe[0]);
                    var sink = shared(pipe[1])) {
                readsALine(source, sink);
                writesMuch(sink, source);
                assertThat(sink.tryWrite(ByteBuffer.allocate(MUCH))).isPositive();
                assertThatThrownBy(
                                () -> sink.write(ByteBuffer.allocate(MUCH), Duration.ofMillis(20)))
                        .isInstanceOf(DeadlineException.class);
            }
        });
    }

    private static ByteStream shared(int number) {
        var descriptor = Descriptor.opened(Loop.current().engine(), number, Kind.PIPE, "shared");
        descriptor.handle().sharedWithOthers();
        return ByteStream.over(new Fd(descriptor));
    }
}
