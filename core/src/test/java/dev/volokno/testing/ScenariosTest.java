package dev.volokno.testing;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.volokno.fd.ByteStream;
import dev.volokno.fiber.Action;
import dev.volokno.fiber.Fiber;
import dev.volokno.fiber.Scope;
import dev.volokno.file.OpenOptions;
import dev.volokno.file.RegularFile;
import dev.volokno.net.TcpListener;
import dev.volokno.net.TcpSocket;
import dev.volokno.tty.Pty;
import dev.volokno.tty.SerialPort;
import dev.volokno.tty.SerialSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Small programs as users write them, cancelled at every wait and failed at every operation. */
class ScenariosTest {
    private static final InetSocketAddress ANY_PORT =
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @TempDir private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "io_uring"})
    void aTcpProxyEndsWhateverIsCancelledOrFails(String backend) throws Exception {
        everywhere(backend, ScenariosTest::proxy, "ECONNRESET");
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "io_uring"})
    void aSerialDialogueEndsWhateverIsCancelledOrFails(String backend) throws Exception {
        everywhere(backend, ScenariosTest::dialogue, "EIO");
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "io_uring"})
    void aFileCopyEndsWhateverIsCancelledOrFails(String backend) throws Exception {
        Files.write(folder.resolve("from"), new byte[10_000]);
        everywhere(backend, this::copy, "ENOSPC");
    }

    private static void everywhere(String backend, Action<Exception> body, String errno)
            throws Exception {
        TestLoop loop = TestLoop.create().withBackend(backend);
        assertThat(loop.cancelEverywhere(body)).isGreaterThan(10);
        assertThat(loop.failEverywhere(body, errno)).isGreaterThan(5);
    }

    // ---- a proxy between a client and a server that answers in capitals

    private static void proxy() throws Exception {
        try (TcpListener front = TcpListener.bind(ANY_PORT);
                TcpListener back = TcpListener.bind(ANY_PORT)) {
            Scope.run(scope -> {
                scope.daemon(() -> serve(back));
                scope.daemon(() -> forward(front, back.localAddress()));
                assertThat(ask(front.localAddress())).isIn("HELLO", "");
                return true;
            });
        }
    }

    private static void serve(TcpListener listener) throws IOException {
        try (TcpSocket peer = listener.accept(LIMIT)) {
            var buffer = ByteBuffer.allocateDirect(100);
            while (peer.read(buffer.clear(), LIMIT) >= 0) {
                String text = US_ASCII.decode(buffer.flip()).toString();
                peer.write(US_ASCII.encode(text.toUpperCase()));
            }
        }
    }

    private static void forward(TcpListener listener, InetSocketAddress target) throws Exception {
        try (TcpSocket client = listener.accept(LIMIT);
                TcpSocket server = TcpSocket.connect(target)) {
            Scope.run(scope -> {
                scope.fork(() -> pump(client, server));
                scope.fork(() -> pump(server, client));
                return true;
            });
        }
    }

    private static void pump(TcpSocket from, TcpSocket to) throws IOException {
        from.transferTo(to);
        to.shutdownOutput();
    }

    private static String ask(InetSocketAddress proxy) throws IOException {
        try (TcpSocket socket = TcpSocket.connect(proxy)) {
            socket.write(US_ASCII.encode("hello"));
            var answer = ByteBuffer.allocate(5);
            socket.read(answer, LIMIT);
            while (answer.hasRemaining() && socket.read(answer, LIMIT) >= 0) {}
            return US_ASCII.decode(answer.flip()).toString();
        }
    }

    // ---- a master that asks a slave line by line, and asks again if there is no answer

    private static void dialogue() throws Exception {
        try (Pty line = Pty.open()) {
            line.makeRaw();
            try (SerialPort port = SerialPort.open(line.path(), SerialSettings.of(9600))) {
                Scope.run(scope -> {
                    scope.daemon(() -> answer(line));
                    for (int i = 0; i < 3; i++) {
                        port.write(US_ASCII.encode("value " + i + "\n"));
                        var reply = ByteBuffer.allocate(100);
                        port.readUntil(reply, '\n', LIMIT);
                        assertThat(US_ASCII.decode(reply.flip()).toString())
                                .isEqualTo("is " + i + "\n");
                    }
                    return true;
                });
            }
        }
    }

    private static void answer(ByteStream line) {
        int count = 0;
        for (String request : line.lines(US_ASCII, 100)) {
            assertThat(request).isEqualTo("value " + count);
            try {
                line.write(US_ASCII.encode("is " + count++ + "\n"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    // ---- a copy that is there as a whole or not at all

    private void copy() throws Exception {
        Path target = folder.resolve("to");
        Path part = folder.resolve("to.part");
        try (RegularFile from = RegularFile.open(folder.resolve("from"), StandardOpenOption.READ);
                RegularFile to =
                        RegularFile.open(
                                part,
                                OpenOptions.of(
                                        StandardOpenOption.CREATE,
                                        StandardOpenOption.TRUNCATE_EXISTING,
                                        StandardOpenOption.WRITE))) {
            var block = ByteBuffer.allocateDirect(4096);
            while (from.read(block.clear()) >= 0) {
                to.write(block.flip());
                Fiber.yield();
            }
            to.sync();
        }
        assertThat(Files.size(part)).isEqualTo(10_000);
        Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
    }
}
