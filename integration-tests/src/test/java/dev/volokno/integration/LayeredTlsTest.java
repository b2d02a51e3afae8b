package dev.volokno.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.volokno.fiber.Fiber;
import dev.volokno.net.TcpServerSocketFactory;
import dev.volokno.net.TcpSocketFactory;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
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

/** The JDK's TLS, layered over sockets of our factories, in fibers. */
@Timeout(60)
class LayeredTlsTest {
    private static final int SIZE = 500_000;
    private static Certificate certificate;

    @BeforeAll
    static void makeCertificate(@TempDir Path directory) throws Exception {
        certificate = Certificate.make(directory);
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
        return client(host, port, host);
    }

    /** One that believes only who has a certificate for {@code name}. */
    private static SSLSocket client(String host, int port, String name) throws IOException {
        SSLSocket tls = layered(new TcpSocketFactory().createSocket(host, port), name);
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

    private static void serve(ServerSocket listener) throws IOException {
        try (var tls = server(listener.accept())) {
            echo(tls);
        }
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

    @EachConfiguration
    void bothEndsOfOneConnectionTalkInOneLoop(Configuration loop) throws Exception {
        loop.run(() -> {
            try (ServerSocket listener = listen()) {
                var served = Fiber.start(() -> serve(listener));
                try (var tls = client("localhost", listener.getLocalPort())) {
                    assertEcho(tls);
                    assertThat(tls.getSession().getProtocol()).isEqualTo("TLSv1.3");
                }
                served.join();
            }
        });
    }

    @EachConfiguration
    void aServerOfTheJdkOnAThreadIsTalkedTo(Configuration loop) throws Exception {
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
            loop.run(() -> {
                try (var tls = client("localhost", listener.getLocalPort())) {
                    assertEcho(tls);
                }
            });
            served.get();
        }
    }

    @EachConfiguration
    void aReadThatIsOutOfTimeLeavesTheConnectionUsable(Configuration loop) throws Exception {
        loop.run(() -> {
            try (ServerSocket listener = listen()) {
                var served = Fiber.start(() -> serve(listener));
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

    @EachConfiguration
    void aNameThatTheCertificateDoesNotHaveIsRefused(Configuration loop) throws Exception {
        loop.run(() -> {
            try (ServerSocket listener = listen()) {
                var served =
                        Fiber.start(() -> {
                            try (var tls = server(listener.accept())) {
                                assertThatThrownBy(() -> echo(tls))
                                        .isInstanceOf(SSLException.class);
                            }
                        });
                int port = listener.getLocalPort();
                try (var tls = client("localhost", port, "elsewhere.example")) {
                    assertThatThrownBy(tls::startHandshake)
                            .isInstanceOf(SSLException.class)
                            .hasMessageContaining("elsewhere.example");
                }
                served.join();
            }
        });
    }

    @EachConfiguration
    void opensslIsAnswered(Configuration loop) throws Exception {
        loop.run(() -> {
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
