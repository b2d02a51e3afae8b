package dev.volokno.curl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.volokno.CancelledException;
import dev.volokno.DeadlineException;
import dev.volokno.fiber.Deadline;
import dev.volokno.fiber.Fiber;
import dev.volokno.foreign.LibraryEndedException;
import dev.volokno.loop.Loop;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.io.TempDir;

/** Servers that break off, are silent, or want no more; users that leave, or are slow. */
class CurlFailureTest {
    private static final CurlOptions DIRECT = CurlOptions.defaults().withoutProxy();
    private static final String OK = "HTTP/1.1 200 OK\r\n";

    @TempDir private static Path folder;

    private static FakeServer silent() throws IOException {
        return FakeServer.start(FakeServer::awaitEnd);
    }

    /** Answers each request of a connection, until that ends. */
    private static FakeServer answering(String answer) throws IOException {
        return FakeServer.start(socket -> {
            while (FakeServer.readHead(socket)) {
                FakeServer.say(socket, answer);
            }
        });
    }

    /** Answers one request, and closes. */
    private static FakeServer breaking(String answer) throws IOException {
        return FakeServer.start(socket -> {
            if (FakeServer.readHead(socket)) {
                FakeServer.say(socket, answer);
            }
        });
    }

    private static String get(CurlClient client, String url) throws IOException {
        try (var response = client.send(CurlRequest.get(url))) {
            return response.text(1000);
        }
    }

    @EachConfiguration
    void aConnectionIsUsedAgain(Configuration configuration) throws Exception {
        try (var server = answering(OK + "Content-Length: 2\r\n\r\nok")) {
            configuration.run(() -> {
                try (var client = CurlClient.open(DIRECT)) {
                    for (int i = 0; i < 5; i++) {
                        assertThat(get(client, server.url())).isEqualTo("ok");
                    }
                }
            });
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @EachConfiguration
    void whereNobodyListensOrNoSuchHostIsThatIsTold(Configuration configuration) throws Exception {
        int port;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        configuration.run(() -> {
            try (var client = CurlClient.open(DIRECT)) {
                assertThatThrownBy(() -> get(client, "http://127.0.0.1:" + port + "/x"))
                        .isInstanceOf(ConnectException.class)
                        .hasMessageContaining("GET http://127.0.0.1:" + port + "/x: ")
                        .hasMessageContaining("(curl 7)");
                String impossible = "x".repeat(64) + ".invalid";
                assertThatThrownBy(() -> get(client, "http://" + impossible + "/"))
                        .isInstanceOf(UnknownHostException.class)
                        .hasMessageContaining(impossible);
            }
        });
    }

    @EachConfiguration
    void aBodyThatBreaksOffIsAFailureAfterWhatCame(Configuration configuration) throws Exception {
        try (var server = breaking(OK + "Content-Length: 100\r\n\r\npart")) {
            configuration.run(() -> {
                try (var client = CurlClient.open(DIRECT);
                        var response = client.send(CurlRequest.get(server.url()))) {
                    assertThat(response.status()).isEqualTo(200);
                    ByteBuffer buffer = ByteBuffer.allocate(100);
                    assertThat(response.read(buffer)).isEqualTo(4);
                    assertThatThrownBy(() -> response.read(buffer))
                            .isInstanceOfSatisfying(
                                    CurlException.class, e -> assertThat(e.code()).isEqualTo(18));
                }
            });
        }
    }

    @EachConfiguration
    void whatIsNoResponseIsAFailure(Configuration configuration) throws Exception {
        for (String answer : new String[] {"", "SSH-2.0-x\r\n", OK + "broken"}) {
            try (var server = breaking(answer)) {
                configuration.run(() -> {
                    try (var client = CurlClient.open(DIRECT)) {
                        assertThatThrownBy(() -> get(client, server.url()))
                                .isInstanceOf(CurlException.class);
                    }
                });
            }
        }
    }

    @EachConfiguration
    void afterAHeadThatIsNotTheLastTheNextOneCounts(Configuration configuration) throws Exception {
        String early = "HTTP/1.1 103 Early Hints\r\nX-Hint: 1\r\n\r\n";
        try (var server = answering(early + OK + "Content-Length: 0\r\n\r\n")) {
            configuration.run(() -> {
                try (var client = CurlClient.open(DIRECT);
                        var response = client.send(CurlRequest.get(server.url()))) {
                    assertThat(response.status()).isEqualTo(200);
                    assertThat(response.header("X-Hint")).isEmpty();
                }
            });
        }
    }

    @EachConfiguration
    void aSilentServerIsGivenUpInTime(Configuration configuration) throws Exception {
        try (var server = silent()) {
            configuration.run(() -> {
                try (var client = CurlClient.open(DIRECT)) {
                    CurlRequest request = CurlRequest.get(server.url());
                    assertThatThrownBy(
                                    () -> client.send(request.withTimeout(Duration.ofMillis(50))))
                            .isInstanceOf(SocketTimeoutException.class)
                            .hasMessageContaining("(curl 28)");
                    assertThatThrownBy(() ->
                                    Deadline.within(
                                            Duration.ofMillis(50), () -> client.send(request)))
                            .isInstanceOf(DeadlineException.class);
                }
            });
        }
    }

    @EachConfiguration
    void whoIsCancelledEndsHisRequestAndNoOther(Configuration configuration) throws Exception {
        var ended = new AtomicLong();
        try (var silent =
                        FakeServer.start(socket -> {
                            FakeServer.awaitEnd(socket);
                            ended.incrementAndGet();
                        });
                var good = answering(OK + "Content-Length: 2\r\n\r\nok")) {
            configuration.run(() -> {
                try (var client = CurlClient.open(DIRECT)) {
                    var fibers = new ArrayList<Fiber<?>>();
                    for (int i = 0; i < 20; i++) {
                        fibers.add(Fiber.start(() -> get(client, silent.url())));
                    }
                    while (silent.connections() < 20) {
                        Fiber.sleep(Duration.ofMillis(1));
                    }
                    for (int i = 0; i < 20; i += 2) {
                        fibers.get(i).cancel();
                        assertThatThrownBy(fibers.get(i)::join)
                                .isInstanceOf(CancellationException.class)
                                .hasCauseInstanceOf(CancelledException.class);
                    }
                    while (ended.get() < 10) {
                        Fiber.sleep(Duration.ofMillis(1));
                    }
                    assertThat(get(client, good.url())).isEqualTo("ok");
                    assertThat(ended).hasValue(10);
                    fibers.forEach(Fiber::cancel);
                }
            });
        }
    }

    @EachConfiguration
    void aSlowReaderHoldsBackTheServer(Configuration configuration) throws Exception {
        int length = 50_000_000;
        var sent = new AtomicLong();
        FakeServer.Behaviour generous =
                socket -> {
                    FakeServer.readHead(socket);
                    FakeServer.say(socket, OK + "Content-Length: " + length + "\r\n\r\n");
                    var piece = new byte[10_000];
                    for (int i = 0; i < length; i += piece.length) {
                        socket.getOutputStream().write(piece);
                        sent.addAndGet(piece.length);
                    }
                };
        try (var server = FakeServer.start(generous)) {
            configuration.run(() -> {
                try (var client = CurlClient.open(DIRECT);
                        var response = client.send(CurlRequest.get(server.url()))) {
                    awaitStandstill(sent);
                    assertThat(sent.get()).isLessThan(length / 2);
                    ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
                    long read = 0;
                    for (int n = 0; n >= 0; n = response.read(buffer.clear())) {
                        read += n;
                    }
                    assertThat(read).isEqualTo(length);
                }
            });
        }
    }

    /** What the two kernels hold is sent, and no more. */
    private static void awaitStandstill(AtomicLong count) {
        long before = -1;
        while (count.get() != before) {
            before = count.get();
            Fiber.sleep(Duration.ofMillis(100));
        }
    }

    @EachConfiguration
    void aSlowServerHoldsBackTheWriter(Configuration configuration) throws Exception {
        var reading = new CountDownLatch(1);
        FakeServer.Behaviour late =
                socket -> {
                    FakeServer.readHead(socket);
                    uninterruptibly(reading);
                    FakeServer.awaitLastChunk(socket);
                    FakeServer.say(socket, OK + "Content-Length: 0\r\n\r\n");
                };
        try (var server = FakeServer.start(late)) {
            configuration.run(() -> {
                var written = new AtomicLong();
                try (var client = CurlClient.open(DIRECT);
                        var exchange =
                                client.start(
                                        CurlRequest.of("PUT", URI.create(server.url()))
                                                .withHeader("Expect", "")
                                                .withStreamedBody())) {
                    int length = 20_000_000;
                    var fiber =
                            Fiber.start(() -> {
                                ByteBuffer piece = ByteBuffer.allocate(10_000);
                                for (int i = 0; i < length; i += piece.capacity()) {
                                    exchange.write(piece.clear());
                                    written.addAndGet(piece.capacity());
                                }
                                exchange.endBody();
                            });
                    awaitStandstill(written);
                    long before = written.get();
                    reading.countDown();
                    assertThat(before).isLessThan(length / 2);
                    fiber.join();
                    assertThat(exchange.response().status()).isEqualTo(200);
                }
            });
        }
    }

    private static void uninterruptibly(CountDownLatch latch) throws IOException {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    @EachConfiguration
    void aServerThatWantsNoMoreIsHeardAndTheWriterToldSo(Configuration configuration)
            throws Exception {
        String refusal = "HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        try (var server = breaking(refusal)) {
            configuration.run(() -> {
                try (var client = CurlClient.open(DIRECT);
                        var exchange =
                                client.start(
                                        CurlRequest.of("POST", URI.create(server.url()))
                                                .withHeader("Expect", "")
                                                .withStreamedBody())) {
                    assertThat(exchange.response().status()).isEqualTo(413);
                    ByteBuffer piece = ByteBuffer.allocate(100_000);
                    assertThatThrownBy(
                                    () -> {
                                        while (true) {
                                            exchange.write(piece.clear());
                                        }
                                    })
                            .isInstanceOf(IOException.class);
                }
            });
        }
    }

    @EachConfiguration
    void closingEndsWhatIsUnderWay(Configuration configuration) throws Exception {
        try (var server = silent()) {
            configuration.run(() -> {
                var client = CurlClient.open(DIRECT);
                var fibers = new ArrayList<Fiber<?>>();
                for (int i = 0; i < 10; i++) {
                    fibers.add(
                            Fiber.start(() ->
                                    assertThatThrownBy(() -> get(client, server.url()))
                                            .isInstanceOf(AsynchronousCloseException.class)));
                }
                while (server.connections() < 10) {
                    Fiber.sleep(Duration.ofMillis(1));
                }
                client.close();
                client.close();
                for (var fiber : fibers) {
                    fiber.join();
                }
                assertThatThrownBy(() -> get(client, server.url()))
                        .isInstanceOf(LibraryEndedException.class)
                        .hasMessage("libcurl is closed");
            });
        }
    }

    @EachConfiguration
    void aClosedResponseIsReadNoMore(Configuration configuration) throws Exception {
        try (var server = breaking(OK + "Content-Length: 4\r\n\r\npart")) {
            configuration.run(() -> {
                try (var client = CurlClient.open(DIRECT)) {
                    var response = client.send(CurlRequest.get(server.url()));
                    response.close();
                    response.close();
                    assertThat(response.isOpen()).isFalse();
                    assertThatThrownBy(() -> response.read(ByteBuffer.allocate(1)))
                            .isInstanceOf(ClosedChannelException.class);
                }
            });
        }
    }

    @EachConfiguration
    void theEndOfTheLoopEndsRequestsFromElsewhere(Configuration configuration) throws Exception {
        try (var server = silent()) {
            var owner = Loop.start(configuration.options());
            var client = owner.submit(() -> CurlClient.open(DIRECT)).join();
            configuration.run(() -> {
                var asking =
                        Fiber.start(() ->
                                assertThatThrownBy(() -> get(client, server.url()))
                                        .isInstanceOf(AsynchronousCloseException.class));
                while (server.connections() < 1) {
                    Fiber.sleep(Duration.ofMillis(1));
                }
                owner.stop(Duration.ofSeconds(5));
                asking.join();
            });
        }
    }

    @EachConfiguration
    void aLongBodyIsRefusedWhereAShortOneIsExpected(Configuration configuration) throws Exception {
        try (var server = breaking(OK + "\r\n" + "x".repeat(5000))) {
            configuration.run(() -> {
                try (var client = CurlClient.open(DIRECT)) {
                    assertThatThrownBy(() -> get(client, server.url()))
                            .isInstanceOf(IOException.class)
                            .hasMessageContaining("longer than 1000 bytes");
                }
            });
        }
    }

    @EachConfiguration
    void anAuthorityThatIsNoFileIsTold(Configuration configuration) throws Exception {
        configuration.run(() -> {
            CurlOptions options = DIRECT.withAuthorities(folder.resolve("none.pem"));
            try (var client = CurlClient.open(options)) {
                assertThatThrownBy(() -> get(client, "https://127.0.0.1:1/"))
                        .isInstanceOf(IOException.class);
            }
        });
    }
}
