package dev.volokno.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.volokno.DeadlineException;
import dev.volokno.descriptor.Owned;
import dev.volokno.fiber.Deadline;
import dev.volokno.fiber.Fiber;
import dev.volokno.loop.Loop;
import dev.volokno.support.Bytes;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
import dev.volokno.support.TestLibc;
import dev.volokno.support.Waiting;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Future;

/** Connections that do not come about, or only just. */
class ConnectTest {
    private static final Duration SHORT = Duration.ofMillis(5);
    private static final int ROUNDS = 100;

    private static TcpListener listener() throws IOException {
        return TcpListener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    private interface Use {
        void with(TcpListener listener) throws Exception;
    }

    /** The end of a loop closes what was lost, so it is looked for before. */
    private static void withoutALoss(Configuration configuration, Use use) throws Exception {
        configuration.run(() -> {
            try (TcpListener listener = listener()) {
                var before = Owned.of(Loop.current().engine());
                use.with(listener);
                assertThat(Owned.of(Loop.current().engine())).isEqualTo(before);
            }
        });
    }

    @EachConfiguration
    void oneThatIsRefusedLeavesNothingOpen(Configuration configuration) throws Exception {
        withoutALoss(
                configuration,
                listener -> {
                    TcpListener gone = listener();
                    InetSocketAddress nobody = gone.localAddress();
                    gone.close();
                    for (int round = 0; round < ROUNDS; round++) {
                        assertThatThrownBy(() -> TcpSocket.connect(nobody))
                                .isInstanceOf(ConnectException.class);
                    }
                });
    }

    @EachConfiguration
    void oneThatNobodyAnswersEndsWithItsDeadlineOrItsFiber(Configuration configuration)
            throws Exception {
        withoutALoss(
                configuration,
                silent -> {
                    InetSocketAddress address = silent.localAddress();
                    silent.fd().use(TestLibc::smallestBacklog);
                    TcpSocket first = TcpSocket.connect(address);
                    assertThatThrownBy(
                                    () -> Deadline.within(SHORT, () -> TcpSocket.connect(address)))
                            .isInstanceOf(DeadlineException.class);
                    var waiting =
                            Waiting.untilParked(Fiber.start(() -> TcpSocket.connect(address)));
                    waiting.cancel();
                    assertThatThrownBy(waiting::join).isInstanceOf(CancellationException.class);
                    silent.accept().close();
                    first.close();
                    TcpSocket.connect(address).close();
                });
    }

    @EachConfiguration
    void oneCancelledAtWhateverMomentLeavesNothingOpen(Configuration configuration)
            throws Exception {
        withoutALoss(
                configuration,
                listener -> {
                    InetSocketAddress address = listener.localAddress();
                    var server =
                            Fiber.start(() -> {
                                while (true) {
                                    listener.accept().close();
                                }
                            });
                    for (int round = 0; round < ROUNDS; round++) {
                        var client = Fiber.start(() -> TcpSocket.connect(address));
                        for (int i = round % 5; i > 0; i--) {
                            Fiber.yield();
                        }
                        client.cancel();
                        closeIfConnected(client);
                    }
                    server.cancel();
                    assertThatThrownBy(server::join).isInstanceOf(CancellationException.class);
                });
    }

    private static void closeIfConnected(Fiber<TcpSocket> client) throws Exception {
        try {
            client.join().close();
        } catch (CancellationException e) {
            assertThat(client.state()).isEqualTo(Future.State.CANCELLED);
        }
    }

    @EachConfiguration
    void oneThatIsClosedAtOnceIsConnectedAndThenAtItsEnd(Configuration configuration)
            throws Exception {
        configuration.run(() -> {
            try (TcpListener listener = listener()) {
                for (int round = 0; round < ROUNDS; round++) {
                    var server = Fiber.start(() -> listener.accept().close());
                    try (var client = TcpSocket.connect(listener.localAddress())) {
                        assertThat(Bytes.read(client)).isEqualTo("end");
                    }
                    server.join();
                }
            }
        });
    }

    @EachConfiguration
    void oneThatIsResetAtOnceSaysSo(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (TcpListener listener = listener()) {
                for (int round = 0; round < ROUNDS; round++) {
                    var server =
                            Fiber.start(() -> {
                                try (var accepted = listener.accept()) {
                                    accepted.fd().use(TestLibc::resetOnClose);
                                }
                            });
                    assertThat(connectAndRead(listener.localAddress()))
                            .hasMessageContaining("ECONNRESET");
                    server.join();
                }
            }
        });
    }

    private static IOException connectAndRead(InetSocketAddress address) {
        try (var client = TcpSocket.connect(address)) {
            return new IOException("it has read " + Bytes.read(client));
        } catch (IOException e) {
            return e;
        }
    }
}
