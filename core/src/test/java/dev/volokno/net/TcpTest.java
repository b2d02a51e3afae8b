package dev.volokno.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.volokno.fiber.Fiber;
import dev.volokno.loop.Loop;
import dev.volokno.support.Bytes;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachLoop;
import dev.volokno.support.TestLibc;
import dev.volokno.support.Waiting;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.util.concurrent.CancellationException;

class TcpTest {
    private static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    @EachLoop
    void aRefusedConnectSaysSo(Configuration configuration) throws Exception {
        configuration.run(() -> {
            TcpListener gone = TcpListener.bind(loopback(0));
            InetSocketAddress address = gone.localAddress();
            gone.close();
            for (int i = 0; i < 50; i++) {
                assertThatThrownBy(() -> TcpSocket.connect(address))
                        .isInstanceOf(ConnectException.class)
                        .hasMessageContaining("ECONNREFUSED");
            }
        });
    }

    @EachLoop
    void anAddressThatIsTakenCannotBeBound(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (TcpListener first = TcpListener.bind(loopback(0))) {
                InetSocketAddress taken = first.localAddress();
                assertThatThrownBy(() -> TcpListener.bind(taken))
                        .isInstanceOf(BindException.class)
                        .hasMessageContaining("EADDRINUSE");
            }
        });
    }

    @EachLoop
    void aCancelledAcceptAndAClosedOneEndAndTheListenerGoesOn(Configuration configuration)
            throws Exception {
        configuration.run(() -> {
            TcpListener listener = TcpListener.bind(loopback(0));
            var accepter = Waiting.untilParked(Fiber.start(() -> listener.accept()));
            accepter.cancel();
            assertThatThrownBy(accepter::join).isInstanceOf(CancellationException.class);
            try (var client = TcpSocket.connect(listener.localAddress());
                    var served = listener.accept()) {
                client.write(Bytes.of("hello"));
                assertThat(Bytes.read(served)).isEqualTo("hello");
            }
            var second =
                    Waiting.untilParked(
                            Fiber.start(() ->
                                    assertThatThrownBy(listener::accept)
                                            .isInstanceOf(AsynchronousCloseException.class)));
            listener.close();
            second.join();
        });
    }

    @EachLoop
    void aConnectionThatWasAcceptedIsDeliveredAlsoToWhoWasCancelledMeanwhile(
            Configuration configuration) throws Exception {
        configuration.run(() -> {
            Loop loop = Loop.current();
            try (TcpListener listener = TcpListener.bind(loopback(0))) {
                var accepter = Waiting.untilParked(Fiber.start(() -> listener.accept()));
                long before = loop.stats().pendingOperations();
                InetSocketAddress address = listener.localAddress();
                int family = SocketAddresses.familyOf(address);
                int client = TestLibc.connect(SocketAddresses.encode(address, family), family);
                while (configuration.confined() && loop.stats().pendingOperations() == before) {
                    Fiber.yield();
                }
                if (configuration.confined()) {
                    accepter.cancel();
                }
                accepter.join().close();
                TestLibc.close(client);
            }
        });
    }

    @EachLoop
    void aBurstOfConnectsIsServedToTheLast(Configuration configuration) throws Exception {
        int burst = 300;
        configuration.run(() -> {
            try (TcpListener listener = TcpListener.bind(loopback(0))) {
                for (int i = 0; i < burst; i++) {
                    Fiber.start(() -> {
                        try (var client = TcpSocket.connect(listener.localAddress())) {
                            assertThat(Bytes.read(client)).isEqualTo("served");
                        }
                    });
                }
                for (int i = 0; i < burst; i++) {
                    try (var served = listener.accept()) {
                        served.write(Bytes.of("served"));
                    }
                }
            }
        });
    }

    @EachLoop
    void eachSideMayEndItsOutputAndReadOn(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (TcpListener listener = TcpListener.bind(loopback(0));
                    var client = TcpSocket.connect(listener.localAddress());
                    var server = listener.accept()) {
                client.write(Bytes.of("question"));
                client.shutdownOutput();
                assertThat(server.inputStream().readAllBytes()).asString().isEqualTo("question");
                server.write(Bytes.of("answer"));
                server.shutdownOutput();
                assertThat(client.inputStream().readAllBytes()).asString().isEqualTo("answer");
                assertThatThrownBy(() -> client.write(Bytes.of("more")))
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining("EPIPE");
            }
        });
    }

    @EachLoop
    void aResetIsAnErrorForTheParkedReaderAndTheEndOfUrgentData(Configuration configuration)
            throws Exception {
        configuration.run(() -> {
            try (TcpListener listener = TcpListener.bind(loopback(0));
                    var client = TcpSocket.connect(listener.localAddress());
                    var server = listener.accept()) {
                var urgent = Waiting.untilParked(Fiber.start(() -> client.fd().awaitPriority()));
                server.fd().use(TestLibc::sendUrgent);
                urgent.join();
                var reader =
                        Waiting.untilParked(
                                Fiber.start(() ->
                                        assertThatThrownBy(
                                                        () -> client.read(ByteBuffer.allocate(1)))
                                                .isInstanceOf(IOException.class)
                                                .hasMessageContaining("ECONNRESET")));
                server.fd().use(TestLibc::resetOnClose);
                server.fd().close();
                reader.join();
            }
        });
    }
}
