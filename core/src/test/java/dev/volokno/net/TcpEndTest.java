package dev.volokno.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.volokno.fiber.Fiber;
import dev.volokno.support.Bytes;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachLoop;
import dev.volokno.support.TestLibc;
import dev.volokno.support.Waiting;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/** The ways a connection can end. */
class TcpEndTest {
    private static final int MUCH = 10_000_000;
    private static final String BROKEN = ".*(EPIPE|ECONNRESET) on fd \\d+.*";

    private interface Use {
        void with(TcpSocket near, TcpSocket far) throws Exception;
    }

    private static void connected(Configuration configuration, Use use) throws Exception {
        var anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        configuration.run(() -> {
            try (TcpListener listener = TcpListener.bind(anyPort);
                    var near = TcpSocket.connect(listener.localAddress());
                    var far = listener.accept()) {
                use.with(near, far);
            }
        });
    }

    private static void reset(TcpSocket socket) throws IOException {
        socket.fd().use(TestLibc::resetOnClose);
        socket.close();
    }

    @EachLoop
    void aResetAfterTheEndEndsTheParkedWriter(Configuration configuration) throws Exception {
        connected(
                configuration,
                (near, far) -> {
                    var writer = failingWriter(near);
                    far.shutdownOutput();
                    assertThat(Bytes.read(near)).isEqualTo("end");
                    assertThat(Waiting.isParked(writer)).isTrue();
                    reset(far);
                    writer.join();
                    assertThatThrownBy(() -> near.write(Bytes.of("x")))
                            .isInstanceOf(IOException.class)
                            .hasMessageMatching(BROKEN);
                });
    }

    private static Fiber<Void> failingWriter(TcpSocket socket) {
        return Waiting.untilParked(
                Fiber.start(() -> {
                    assertThatThrownBy(() -> socket.write(ByteBuffer.allocateDirect(MUCH)))
                            .isInstanceOf(IOException.class)
                            .hasMessageMatching(BROKEN);
                }));
    }

    @EachLoop
    void aResetIsToldToTheReaderAndToTheWriterWhoWait(Configuration configuration)
            throws Exception {
        connected(
                configuration,
                (near, far) -> {
                    var writer = failingWriter(near);
                    var reader =
                            Waiting.untilParked(
                                    Fiber.start(() -> {
                                        // The kernel tells the error to one of them alone.
                                        String told = readOrError(near);
                                        assertThat(told).matches("end|" + BROKEN);
                                    }));
                    reset(far);
                    writer.join();
                    reader.join();
                });
    }

    private static String readOrError(TcpSocket socket) {
        try {
            return Bytes.read(socket);
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        }
    }

    @EachLoop
    void closingWithUnreadInputResetsThePeer(Configuration configuration) throws Exception {
        connected(
                configuration,
                (near, far) -> {
                    near.write(Bytes.of("unread"));
                    far.fd().awaitReadable();
                    var reader =
                            Waiting.untilParked(
                                    Fiber.start(() ->
                                            assertThat(readOrError(near)).contains("ECONNRESET")));
                    far.close();
                    reader.join();
                });
    }

    @EachLoop
    void outputIsEndedTwiceAndByBothSidesAtOnce(Configuration configuration) throws Exception {
        connected(
                configuration,
                (near, far) -> {
                    near.shutdownOutput();
                    near.shutdownOutput();
                    var end = Waiting.untilParked(Fiber.start(() -> Bytes.read(near)));
                    far.shutdownOutput();
                    assertThat(end.join()).isEqualTo("end");
                    for (TcpSocket side : new TcpSocket[] {near, far, near, far}) {
                        assertThat(Bytes.read(side)).isEqualTo("end");
                    }
                });
    }

    @EachLoop
    void endingTheOutputUnderAParkedWriterEndsItAndKeepsWhatTheKernelTook(
            Configuration configuration) throws Exception {
        connected(
                configuration,
                (near, far) -> {
                    ByteBuffer much = ByteBuffer.wrap(Bytes.pattern(MUCH));
                    var writer =
                            Waiting.untilParked(
                                    Fiber.start(() -> {
                                        assertThatThrownBy(() -> near.write(much))
                                                .isInstanceOf(IOException.class)
                                                .hasMessageContaining("EPIPE");
                                    }));
                    near.shutdownOutput();
                    writer.join();
                    byte[] received = far.inputStream().readAllBytes();
                    assertThat(received).hasSize(much.position());
                    assertThat(ByteBuffer.wrap(received)).isEqualTo(much.duplicate().flip());
                });
    }
}
