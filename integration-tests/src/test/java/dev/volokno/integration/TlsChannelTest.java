package dev.volokno.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.volokno.DeadlineException;
import dev.volokno.fd.ByteStream;
import dev.volokno.fiber.Deadline;
import dev.volokno.fiber.Fiber;
import dev.volokno.net.TcpListener;
import dev.volokno.net.TcpSocket;
import dev.volokno.net.UnixSocket;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tlschannel.ClientTlsChannel;
import tlschannel.ServerTlsChannel;
import tlschannel.TlsChannel;

/** A library that speaks TLS over any {@link ByteChannel}, over streams of ours, in fibers. */
@Timeout(60)
class TlsChannelTest {
    private static final int SIZE = 2_000_000;
    private static Certificate certificate;

    @BeforeAll
    static void makeCertificate(@TempDir Path directory) throws Exception {
        certificate = Certificate.make(directory);
    }

    /** What is done with two ends that are connected. */
    private interface Body {
        void run(ByteStream client, ByteStream server) throws Exception;
    }

    private static void overTcp(Body body) throws Exception {
        try (var listener = TcpListener.bind(anyPort());
                var client = TcpSocket.connect(listener.localAddress());
                var server = listener.accept()) {
            body.run(client, server);
        }
    }

    private static void overUnixSockets(Body body) throws Exception {
        try (var pair = UnixSocket.pair()) {
            body.run(pair.first(), pair.second());
        }
    }

    private static InetSocketAddress anyPort() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    private static TlsChannel serverOver(ByteStream stream) {
        return ServerTlsChannel.newBuilder(stream, certificate.context()).build();
    }

    private static TlsChannel clientOver(ByteStream stream) {
        return ClientTlsChannel.newBuilder(stream, certificate.context()).build();
    }

    private static void echo(ByteChannel channel) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(16_384);
        while (channel.read(buffer) >= 0) {
            channel.write(buffer.flip());
            buffer.clear();
        }
    }

    @EachConfiguration
    void megabytesGoBothWaysAtOnceOverTcp(Configuration loop) throws Exception {
        loop.run(() -> overTcp(TlsChannelTest::megabytesGoBothWaysAndEndWithTheClosing));
    }

    @EachConfiguration
    void megabytesGoBothWaysAtOnceOverUnixSockets(Configuration loop) throws Exception {
        loop.run(() -> overUnixSockets(TlsChannelTest::megabytesGoBothWaysAndEndWithTheClosing));
    }

    private static void megabytesGoBothWaysAndEndWithTheClosing(
            ByteStream client, ByteStream server) throws Exception {
        byte[] sent = new byte[SIZE];
        new Random(1).nextBytes(sent);
        var served =
                Fiber.start(() -> {
                    try (var tls = serverOver(server)) {
                        echo(tls);
                        return tls.shutdownReceived();
                    }
                });
        try (var tls = clientOver(client)) {
            var writer = Fiber.start(() -> tls.write(ByteBuffer.wrap(sent)));
            InputStream input = Channels.newInputStream(tls);
            assertThat(input.readNBytes(SIZE)).isEqualTo(sent);
            assertThat(writer.join()).isEqualTo(SIZE);
            assertThat(tls.getSslEngine().getSession().getProtocol()).isEqualTo("TLSv1.3");
        }
        assertThat(served.join()).as("it ended, and was not cut off").isTrue();
    }

    @EachConfiguration
    void whoDoesNotShakeHandsIsGivenUpAndHoldsNobody(Configuration loop) throws Exception {
        loop.run(() ->
                overTcp((silent, server) -> {
                    var tls = serverOver(server);
                    assertThatThrownBy(() ->
                                    Deadline.within(
                                            Duration.ofMillis(20),
                                            () -> tls.read(ByteBuffer.allocate(1))))
                            .isInstanceOf(DeadlineException.class);
                    var served = Fiber.start(() -> echo(tls));
                    try (var late = clientOver(silent)) {
                        late.write(ByteBuffer.wrap(new byte[] {'!'}));
                        ByteBuffer answer = ByteBuffer.allocate(1);
                        late.read(answer);
                        assertThat(answer.get(0)).isEqualTo((byte) '!');
                    }
                    served.join();
                }));
    }

    @EachConfiguration
    void curlIsAnswered(Configuration loop) throws Exception {
        String answer = "HTTP/1.0 200 OK\r\nContent-Length: 6\r\n\r\nhello\n";
        loop.run(() -> {
            try (var listener = TcpListener.bind(anyPort())) {
                Process curl =
                        Tools.start(
                                "curl",
                                "-sS",
                                "--http1.1",
                                "--cacert",
                                certificate.file().toString(),
                                "https://localhost:" + listener.localAddress().getPort());
                try (var accepted = listener.accept();
                        var tls = serverOver(accepted)) {
                    ByteBuffer request = ByteBuffer.allocate(4096);
                    tls.read(request);
                    assertThat(StandardCharsets.US_ASCII.decode(request.flip()).toString())
                            .startsWith("GET / HTTP/1.1");
                    tls.write(StandardCharsets.US_ASCII.encode(answer));
                }
                assertThat(Tools.outputOf(curl)).isEqualTo("hello\n");
            }
        });
    }
}
