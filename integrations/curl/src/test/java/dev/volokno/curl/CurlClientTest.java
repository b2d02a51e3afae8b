package dev.volokno.curl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.volokno.fiber.Fiber;
import dev.volokno.loop.Loop;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Against a real server. */
class CurlClientTest {
    private static final int SMALL = 100_000;
    private static final CurlOptions DIRECT = CurlOptions.defaults().withoutProxy();

    private static Apache server;

    @BeforeAll
    static void startServer() throws Exception {
        server = Apache.start();
    }

    @AfterAll
    static void stopServer() throws Exception {
        if (server != null) {
            server.close();
        }
    }

    private static CurlRequest request(String method, String path) {
        return CurlRequest.of(method, URI.create(server.url(path)));
    }

    @EachConfiguration
    void aFileIsFetchedWithStatusAndHeaders(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (var client = CurlClient.open(DIRECT);
                    var response = client.send(request("GET", "/hello.txt"))) {
                assertThat(response.status()).isEqualTo(200);
                assertThat(response.header("content-LENGTH")).contains("6");
                assertThat(response.headers()).containsKey("Server");
                assertThat(response.text(SMALL)).isEqualTo("hello\n");
                assertThat(response.read(ByteBuffer.allocate(1))).isEqualTo(-1);
            }
        });
    }

    @EachConfiguration
    void aStatusIsNoFailure(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (var client = CurlClient.open(DIRECT)) {
                try (var missing = client.send(request("GET", "/missing"))) {
                    assertThat(missing.status()).isEqualTo(404);
                    assertThat(missing.text(SMALL)).contains("Not Found");
                }
                try (var head = client.send(request("HEAD", "/hello.txt"))) {
                    assertThat(head.status()).isEqualTo(200);
                    assertThat(head.bytes(SMALL)).isEmpty();
                }
            }
        });
    }

    @EachConfiguration
    void whatIsPutIsThereAndWhatIsDeletedIsNot(Configuration configuration) throws Exception {
        String path = "/put-" + configuration;
        configuration.run(() -> {
            try (var client = CurlClient.open(DIRECT)) {
                assertThat(status(client, request("PUT", path).withBody("Grüße"))).isEqualTo(201);
                try (var response = client.send(request("GET", path))) {
                    assertThat(response.text(SMALL)).isEqualTo("Grüße");
                }
                assertThat(status(client, request("MKCOL", path + "-folder"))).isEqualTo(201);
                assertThat(status(client, request("DELETE", path))).isEqualTo(204);
                assertThat(status(client, request("DELETE", path + "-folder"))).isEqualTo(204);
                assertThat(status(client, request("GET", path))).isEqualTo(404);
            }
        });
    }

    private static int status(CurlClient client, CurlRequest request) throws IOException {
        try (var response = client.send(request)) {
            response.bytes(SMALL);
            return response.status();
        }
    }

    @EachConfiguration
    void aPostIsSentWithItsHeaders(Configuration configuration) throws Exception {
        configuration.run(() -> {
            CurlRequest post =
                    request("POST", "/echo")
                            .withHeader("Content-Type", "application/json")
                            .withHeader("X-Nothing", "")
                            .withBody("{}");
            try (var client = CurlClient.open(DIRECT);
                    var response = client.send(post)) {
                assertThat(response.header("Content-Type")).contains("application/json");
                assertThat(response.text(SMALL)).isEqualTo("{}");
                assertThat(status(client, request("POST", "/echo"))).isEqualTo(200);
            }
        });
    }

    @EachConfiguration
    void bodiesOfAnyLengthStreamBothWaysAtOnce(Configuration configuration) throws Exception {
        var bytes = new byte[5_000_000];
        new Random(1).nextBytes(bytes);
        configuration.run(() -> {
            try (var client = CurlClient.open(DIRECT);
                    var exchange = client.start(request("POST", "/echo").withStreamedBody())) {
                var writing =
                        Fiber.start(() -> {
                            exchange.write(ByteBuffer.wrap(bytes, 0, 10));
                            Fiber.yield();
                            exchange.write(ByteBuffer.wrap(bytes, 10, bytes.length - 10));
                            exchange.endBody();
                        });
                try (var response = exchange.response()) {
                    assertThat(response.inputStream().readAllBytes()).isEqualTo(bytes);
                }
                writing.join();
            }
        });
    }

    @EachConfiguration
    void aStreamedBodyOfKnownLengthIsToldSo(Configuration configuration) throws Exception {
        String path = "/streamed-" + configuration;
        configuration.run(() -> {
            try (var client = CurlClient.open(DIRECT);
                    var exchange = client.start(request("PUT", path).withStreamedBody(4))) {
                exchange.write(ByteBuffer.wrap("ab".getBytes()));
                exchange.write(ByteBuffer.wrap("cd".getBytes()));
                exchange.endBody();
                assertThat(exchange.response().status()).isEqualTo(201);
                try (var response = client.send(request("GET", path))) {
                    assertThat(response.text(SMALL)).isEqualTo("abcd");
                }
                assertThat(status(client, request("DELETE", path))).isEqualTo(204);
            }
        });
    }

    @EachConfiguration
    void redirectsAreFollowedIfAskedFor(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (var client = CurlClient.open(DIRECT)) {
                try (var response = client.send(request("GET", "/moved"))) {
                    assertThat(response.status()).isEqualTo(302);
                    assertThat(response.header("Location")).contains(server.url("/hello.txt"));
                    assertThat(response.bytes(SMALL)).isNotEmpty();
                }
                try (var response = client.send(request("GET", "/moved").withRedirects(1))) {
                    assertThat(response.status()).isEqualTo(200);
                    assertThat(response.uri()).hasToString(server.url("/hello.txt"));
                    assertThat(response.text(SMALL)).isEqualTo("hello\n");
                }
                assertThatThrownBy(() -> client.send(request("GET", "/again").withRedirects(5)))
                        .isInstanceOfSatisfying(
                                CurlException.class, e -> assertThat(e.code()).isEqualTo(47))
                        .hasMessageContaining("5");
            }
        });
    }

    @EachConfiguration
    void aServerIsBelievedOnlyWithACertificateThatATrustedAuthorityHasSigned(
            Configuration configuration) throws Exception {
        CurlRequest hello = CurlRequest.get(server.tlsUrl("/hello.txt"));
        configuration.run(() -> {
            try (var client = CurlClient.open(DIRECT)) {
                assertThatThrownBy(() -> client.send(hello))
                        .isInstanceOf(SSLHandshakeException.class)
                        .hasMessageContaining("certificate")
                        .hasStackTraceContaining("CurlClientTest");
            }
            try (var client = CurlClient.open(DIRECT.withAuthorities(server.authority()));
                    var response = client.send(hello)) {
                assertThat(response.text(SMALL)).isEqualTo("hello\n");
            }
        });
    }

    @EachConfiguration
    void hundredsAtOnceShareOneLoop(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (var client = CurlClient.open(DIRECT)) {
                var fibers =
                        IntStream.range(0, 300)
                                .mapToObj(i -> Fiber.start(() -> echo(client, "body " + i)))
                                .toList();
                for (int i = 0; i < fibers.size(); i++) {
                    assertThat(fibers.get(i).join()).isEqualTo("body " + i);
                }
            }
        });
    }

    @EachConfiguration
    void hundredsAtOnceShareAFewConnections(Configuration configuration) throws Exception {
        CurlOptions options = DIRECT.withAuthorities(server.authority()).withConnectionsPerHost(4);
        configuration.run(() -> {
            try (var client = CurlClient.open(options)) {
                var fibers =
                        IntStream.range(0, 100)
                                .mapToObj(
                                        i -> Fiber.start(() -> putAndGet(client, configuration, i)))
                                .toList();
                for (int i = 0; i < fibers.size(); i++) {
                    assertThat(fibers.get(i).join()).isEqualTo("" + i);
                }
            }
        });
    }

    /** By HTTP/2, which this server speaks by TLS. */
    private static String putAndGet(CurlClient client, Configuration configuration, int i)
            throws IOException {
        URI uri = URI.create(server.tlsUrl("/tls-" + configuration + i));
        assertThat(status(client, CurlRequest.of("PUT", uri).withBody("" + i))).isEqualTo(201);
        try (var response = client.send(CurlRequest.get(uri))) {
            return response.text(SMALL);
        }
    }

    private static String echo(CurlClient client, String text) throws IOException {
        try (var response = client.send(request("POST", "/echo").withBody(text))) {
            return response.text(SMALL);
        }
    }

    @EachConfiguration
    void otherLoopsAndThreadsMayAsk(Configuration configuration) throws Exception {
        try (var owner = Loop.start(configuration.options())) {
            var client = owner.submit(() -> CurlClient.open(DIRECT)).join();
            assertThat(echo(client, "thread")).isEqualTo("thread");
            configuration.run(() -> {
                String big = "loop".repeat(100_000);
                try (var response = client.send(request("POST", "/echo").withBody(big))) {
                    assertThat(response.text(big.length())).isEqualTo(big);
                }
            });
            client.close();
        }
    }

    @EachConfiguration
    void namesAreLookedUpByAResolverOfOnesOwn(Configuration configuration) throws Exception {
        CurlOptions options =
                DIRECT.withResolver(name -> {
                    if (name.equals("web.test")) {
                        return List.of(InetAddress.ofLiteral("127.0.0.1"));
                    }
                    throw new UnknownHostException(name + ": never heard");
                });
        configuration.run(() -> {
            try (var client = CurlClient.open(options)) {
                String url = "http://web.test:" + server.port() + "/hello.txt";
                assertThat(status(client, CurlRequest.get(url))).isEqualTo(200);
                assertThatThrownBy(() -> client.send(CurlRequest.get("http://none.test/")))
                        .isInstanceOf(UnknownHostException.class)
                        .hasMessage("none.test: never heard");
            }
        });
    }

    @Test
    void whatIsNoRequestIsRefused() {
        assertThatThrownBy(() -> CurlRequest.get("ftp://127.0.0.1/"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> CurlRequest.get("http:///path"))
                .isInstanceOf(IllegalArgumentException.class);
        var request = request("GET", "/");
        assertThatThrownBy(() -> request.withHeader("X", "a\r\nY: b"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> request.withHeader("X:", "a"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> CurlRequest.of("GET /", URI.create(server.url("/"))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aBodyToBeWrittenIsNotSentByItself() throws Exception {
        Loop.run(() -> {
            try (var client = CurlClient.open(DIRECT)) {
                CurlRequest streamed = request("POST", "/echo").withStreamedBody();
                assertThatThrownBy(() -> client.send(streamed))
                        .isInstanceOf(IllegalArgumentException.class);
                try (var exchange = client.start(request("GET", "/hello.txt"))) {
                    assertThatThrownBy(() -> exchange.write(ByteBuffer.allocate(1)))
                            .isInstanceOf(IllegalStateException.class);
                }
            }
        });
    }
}
