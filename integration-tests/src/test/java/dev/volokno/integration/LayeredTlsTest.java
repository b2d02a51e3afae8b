package dev.volokno.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.volokno.fiber.Fiber;
import dev.volokno.loop.Loop;
import dev.volokno.loop.LoopOptions;
import dev.volokno.net.TcpServerSocketFactory;
import dev.volokno.net.TcpSocketFactory;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The JDK's TLS, layered over sockets of our factories, in fibers. */
@Timeout(60)
class LayeredTlsTest {
    private static final int SIZE = 500_000;
    private static Certificate certificate;

    @BeforeAll
    static void makeCertificate(@TempDir Path directory) throws Exception {
        certificate = Certificate.make(directory);
    }

    private static LoopOptions on(String backend) {
        return LoopOptions.defaults().withBackend(backend);
    }

    private static ServerSocket listen() throws IOException {
        return new TcpServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    private static SSLSocket layered(Socket plain, String host) throws IOException {
        return (SSLSocket)
                certificate
                        .context()
                        .getSocketFactory()
                        .createSocket(plain, host, plain.getPort(), true);
    }

    private static SSLSocket client(String host, int port) throws IOException {
        SSLSocket tls = layered(new TcpSocketFactory().createSocket(host, port), host);
        SSLParameters parameters = tls.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        tls.setSSLParameters(parameters);
        return tls;
    }

    private static SSLSocket server(Socket accepted) throws IOException {
        SSLSocket tls = layered(accepted, "client");
        tls.setUseClientMode(false);
        return tls;
    }

    private static void echo(Socket socket) throws IOException {
        socket.getInputStream().transferTo(socket.getOutputStream());
    }

    private static void assertEcho(SSLSocket tls) throws Exception {
        byte[] sent = new byte[SIZE];
        new Random(1).nextBytes(sent);
        var writer =
                Fiber.start(() -> {
                    tls.getOutputStream().write(sent);
                    tls.shutdownOutput();
                });
        InputStream input = tls.getInputStream();
        assertThat(input.readAllBytes()).isEqualTo(sent);
        writer.join();
    }

    @ParameterizedTest
    @ValueSource(strings = {"io_uring", "epoll"})
    void bothEndsOfOneConnectionTalkInOneLoop(String backend) throws Exception {
        Loop.run(
                on(backend),
                () -> {
                    try (ServerSocket listener = listen()) {
                        var served =
                                Fiber.start(() -> {
                                    try (var tls = server(listener.accept())) {
                                        echo(tls);
                                    }
                                });
                        try (var tls = client("localhost", listener.getLocalPort())) {
                            assertEcho(tls);
                            assertThat(tls.getSession().getProtocol()).isEqualTo("TLSv1.3");
                        }
                        served.join();
                    }
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"io_uring", "epoll"})
    void aServerOfTheJdkOnAThreadIsTalkedTo(String backend) throws Exception {
        try (var listener =
                certificate
                        .context()
                        .getServerSocketFactory()
                        .createServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            var served =
                    CompletableFuture.runAsync(() -> {
                        try (Socket accepted = listener.accept()) {
                            echo(accepted);
                        } catch (IOException e) {
                            throw new AssertionError(e);
                        }
                    });
            Loop.run(
                    on(backend),
                    () -> {
                        try (var tls = client("localhost", listener.getLocalPort())) {
                            assertEcho(tls);
                        }
                    });
            served.get();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"io_uring", "epoll"})
    void aReadThatIsOutOfTimeLeavesTheConnectionUsable(String backend) throws Exception {
        Loop.run(
                on(backend),
                () -> {
                    try (ServerSocket listener = listen()) {
                        var served =
                                Fiber.start(() -> {
                                    try (var tls = server(listener.accept())) {
                                        echo(tls);
                                    }
                                });
                        try (var tls = client("localhost", listener.getLocalPort())) {
                            tls.startHandshake();
                            tls.setSoTimeout(5);
                            assertThatThrownBy(() -> tls.getInputStream().read())
                                    .isInstanceOf(SocketTimeoutException.class);
                            tls.setSoTimeout(0);
                            assertEcho(tls);
                        }
                        served.join();
                    }
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"io_uring", "epoll"})
    void aNameThatTheCertificateDoesNotHaveIsRefused(String backend) throws Exception {
        Loop.run(
                on(backend),
                () -> {
                    try (ServerSocket listener = listen()) {
                        var served =
                                Fiber.start(() -> {
                                    try (var tls = server(listener.accept())) {
                                        assertThatThrownBy(() -> echo(tls))
                                                .isInstanceOf(SSLException.class);
                                    }
                                });
                        Socket plain =
                                new TcpSocketFactory()
                                        .createSocket("localhost", listener.getLocalPort());
                        try (var tls = layered(plain, "elsewhere.example")) {
                            SSLParameters parameters = tls.getSSLParameters();
                            parameters.setEndpointIdentificationAlgorithm("HTTPS");
                            tls.setSSLParameters(parameters);
                            assertThatThrownBy(tls::startHandshake)
                                    .isInstanceOf(SSLException.class)
                                    .hasMessageContaining("elsewhere.example");
                        }
                        served.join();
                    }
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"io_uring", "epoll"})
    void opensslIsAnswered(String backend) throws Exception {
        Loop.run(
                on(backend),
                () -> {
                    try (ServerSocket listener = listen()) {
                        Process openssl =
                                Tools.start(
                                        "openssl",
                                        "s_client",
                                        "-quiet",
                                        "-no_ign_eof",
                                        "-verify_return_error",
                                        "-verify_quiet",
                                        "-CAfile",
                                        certificate.file().toString(),
                                        "-connect",
                                        "localhost:" + listener.getLocalPort());
                        openssl.getOutputStream().write("question\n".getBytes());
                        openssl.getOutputStream().flush();
                        try (var tls = server(listener.accept())) {
                            assertThat(tls.getInputStream().readNBytes(9))
                                    .asString()
                                    .isEqualTo("question\n");
                            tls.getOutputStream().write("answer\n".getBytes());
                        }
                        assertThat(Tools.outputOf(openssl)).endsWith("answer\n");
                    }
                });
    }
}
