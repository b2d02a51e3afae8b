package dev.volokno.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.volokno.DeadlineException;
import dev.volokno.fiber.Action;
import dev.volokno.fiber.Deadline;
import dev.volokno.fiber.Fiber;
import dev.volokno.support.Bytes;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
import dev.volokno.support.TestLibc;
import java.io.File;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/** Connecting to a name that has several addresses, of which few answer. */
class NamedConnectTest {
    private static final InetAddress V6 = InetAddress.ofLiteral("::1");
    private static final InetAddress V4 = InetAddress.ofLiteral("127.0.0.1");

    /** Another address of this machine, where nobody listens. */
    private static final InetAddress REFUSED = InetAddress.ofLiteral("127.0.0.2");

    private static final InetAddress HOLE = InetAddress.ofLiteral("127.0.0.3");

    private static Resolver of(InetAddress... addresses) {
        return name -> List.of(addresses);
    }

    private interface WithPort {
        void run(int port) throws Exception;
    }

    /** Runs {@code body} with a port at which {@code serving} listens and accepts. */
    private static void serving(Configuration configuration, InetAddress serving, WithPort body)
            throws Exception {
        configuration.run(() -> {
            try (var listener = TcpListener.bind(new InetSocketAddress(serving, 0))) {
                var server =
                        Fiber.start(() -> {
                            while (true) {
                                try (var accepted = listener.accept()) {
                                    accepted.write(Bytes.of(serving.getHostAddress()));
                                }
                            }
                        });
                body.run(listener.localAddress().getPort());
                server.cancel();
                assertThatThrownBy(server::join).isInstanceOf(CancellationException.class);
            }
        });
    }

    /** Runs {@code body} while connections to {@link #HOLE} at {@code port} get no answer. */
    private static void withBlackHole(int port, Action<? extends Exception> body) throws Exception {
        try (var hole = TcpListener.bind(new InetSocketAddress(HOLE, port))) {
            hole.fd().use(TestLibc::smallestBacklog);
            try (var _ = TcpSocket.connect(hole.localAddress())) {
                body.run();
            }
        }
    }

    private static void assertServedBy(InetAddress server, TcpSocket socket) throws IOException {
        try (socket) {
            assertThat(socket.remoteAddress().getAddress()).isEqualTo(server);
            assertThat(Bytes.read(socket)).isEqualTo(server.getHostAddress());
        }
    }

    @EachConfiguration
    void aNameOfTheHostsFileIsConnectedTo(Configuration configuration) throws Exception {
        serving(
                configuration,
                V4,
                port -> {
                    assertServedBy(V4, TcpSocket.connect("localhost", port));
                    assertServedBy(V4, TcpSocket.connect("127.0.0.1", port, Duration.ofDays(1)));
                });
    }

    @EachConfiguration
    void whatRefusesIsPassedOverAtOnceWhateverItsFamily(Configuration configuration)
            throws Exception {
        serving(
                configuration,
                V4,
                port ->
                        assertServedBy(
                                V4, TcpSocket.connect("name", port, of(REFUSED, V6, REFUSED, V4))));
        serving(
                configuration,
                V6,
                port ->
                        assertServedBy(
                                V6, TcpSocket.connect("name", port, of(REFUSED, V4, REFUSED, V6))));
    }

    @EachConfiguration
    void anAddressThatDoesNotAnswerHoldsUpTheNextOneOnlyForAMoment(Configuration configuration)
            throws Exception {
        serving(
                configuration,
                V4,
                port ->
                        withBlackHole(
                                port,
                                () -> {
                                    long began = System.nanoTime();
                                    assertServedBy(
                                            V4, TcpSocket.connect("name", port, of(HOLE, V4)));
                                    assertThat(System.nanoTime() - began)
                                            .isGreaterThanOrEqualTo(250_000_000L);
                                }));
    }

    @EachConfiguration
    void whenAllFailEachFailureIsTold(Configuration configuration) throws Exception {
        configuration.run(() -> {
            int port = freePort();
            assertThatThrownBy(() -> TcpSocket.connect("name", port, of(V6, V4, REFUSED)))
                    .isInstanceOf(ConnectException.class)
                    .hasMessageContaining("name")
                    .hasMessageContaining("ECONNREFUSED")
                    .satisfies(e ->
                            assertThat(e.getSuppressed())
                                    .hasSize(3)
                                    .allMatch(one -> one instanceof ConnectException));
            assertThatThrownBy(() -> TcpSocket.connect("name", port, of(V4)))
                    .isInstanceOf(ConnectException.class)
                    .hasMessageContaining("127.0.0.1");
            assertThatThrownBy(() -> TcpSocket.connect("name", port, of()))
                    .isInstanceOf(ConnectException.class)
                    .hasMessageContaining("no address");
        });
    }

    private static int freePort() throws IOException {
        try (var listener = TcpListener.bind(new InetSocketAddress(V4, 0))) {
            return listener.localAddress().getPort();
        }
    }

    @EachConfiguration
    void oneDeadlineIsOverTheWholeAndTellsWhatHasFailed(Configuration configuration)
            throws Exception {
        serving(
                configuration,
                V4,
                port ->
                        withBlackHole(
                                port,
                                () ->
                                        assertThatThrownBy(() ->
                                                        Deadline.within(
                                                                Duration.ofMillis(40),
                                                                () ->
                                                                        TcpSocket.connect(
                                                                                "name",
                                                                                port,
                                                                                of(REFUSED, HOLE))))
                                                .isInstanceOf(DeadlineException.class)
                                                .satisfies(e ->
                                                        assertThat(
                                                                        e.getSuppressed()[0]
                                                                                .getSuppressed())
                                                                .hasSize(1)
                                                                .allMatch(one ->
                                                                        one
                                                                                instanceof
                                                                                ConnectException))));
    }

    private static long openDescriptors() {
        return Objects.requireNonNull(new File("/proc/self/fd").list()).length;
    }

    @EachConfiguration
    void oneThatIsCancelledAtWhateverMomentLeavesNothingOpen(Configuration configuration)
            throws Exception {
        serving(
                configuration,
                V4,
                port -> {
                    long before = openDescriptors();
                    for (int round = 0; round < 60; round++) {
                        var client =
                                Fiber.start(() ->
                                        TcpSocket.connect("name", port, of(V6, V4, REFUSED, V4)));
                        for (int i = round % 20; i > 0; i--) {
                            Fiber.yield();
                        }
                        client.cancel();
                        closeIfConnected(client);
                    }
                    // The server closes what it has accepted when it comes to it.
                    while (openDescriptors() > before) {
                        Fiber.sleep(Duration.ofMillis(1));
                    }
                });
    }

    private static void closeIfConnected(Fiber<TcpSocket> client) throws Exception {
        try {
            client.join().close();
        } catch (CancellationException e) {
            assertThat(client.state()).isEqualTo(Future.State.CANCELLED);
        }
    }

    /** A resolver of which the families' answers come when the test says so. */
    private static final class Slow implements Resolver {
        private final Fiber<?> v6Answers;
        private final List<InetAddress> v6;

        Slow(Fiber<?> v6Answers, InetAddress... v6) {
            this.v6Answers = v6Answers;
            this.v6 = List.of(v6);
        }

        @Override
        public List<InetAddress> resolve(String name) {
            throw new AssertionError("it can tell the families apart");
        }

        @Override
        public List<InetAddress> resolve(String name, StandardProtocolFamily family)
                throws IOException {
            if (family == StandardProtocolFamily.INET) {
                return List.of(V4);
            }
            try {
                v6Answers.join();
            } catch (ExecutionException e) {
                throw new AssertionError(e);
            }
            if (v6.isEmpty()) {
                throw new UnknownHostException("no IPv6");
            }
            return v6;
        }

        @Override
        public boolean asksPerFamily() {
            return true;
        }
    }

    @EachConfiguration
    void theOtherFamilyIsNotWaitedForLongerThanAMoment(Configuration configuration)
            throws Exception {
        serving(
                configuration,
                V4,
                port -> {
                    var never = Fiber.start(() -> Fiber.sleep(Duration.ofDays(1)));
                    assertServedBy(V4, TcpSocket.connect("name", port, new Slow(never)));
                    never.cancel();
                });
    }

    @EachConfiguration
    void ipv6ThatComesALittleLaterIsTriedFirst(Configuration configuration) throws Exception {
        serving(
                configuration,
                V6,
                port -> {
                    var soon = Fiber.start(() -> Fiber.sleep(Duration.ofMillis(1)));
                    assertServedBy(V6, TcpSocket.connect("name", port, new Slow(soon, V6)));
                });
    }

    @EachConfiguration
    void aFamilyThatIsNotFoundIsNoHindrance(Configuration configuration) throws Exception {
        serving(
                configuration,
                V4,
                port -> {
                    var now = Fiber.start(() -> {});
                    assertServedBy(V4, TcpSocket.connect("name", port, new Slow(now)));
                });
    }

    @EachConfiguration
    void theFamiliesTakeTurns(Configuration configuration) throws Exception {
        configuration.run(() -> {
            int port = freePort();
            assertThatThrownBy(() -> TcpSocket.connect("name", port, of(V4, REFUSED, V6, HOLE)))
                    .satisfies(e -> {
                        var order = new ArrayList<Boolean>();
                        for (Throwable one : e.getSuppressed()) {
                            order.add(String.valueOf(one.getMessage()).contains("0:0:0:1"));
                        }
                        assertThat(order).containsExactly(false, true, false, false);
                    });
        });
    }
}
