package dev.volokno.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.volokno.fiber.Fiber;
import dev.volokno.loop.Loop;
import dev.volokno.support.Bytes;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
import dev.volokno.support.TestLibc;
import dev.volokno.support.Turns;
import dev.volokno.support.Waiting;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;

/** Listeners with clients that come too early, go too early, or find several of them. */
class ListenTest {
    private static final InetSocketAddress ANY_PORT =
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final int MANY = 50;
    private static final int ENOUGH_FOR_BOTH = 200;

    private static int connect(InetSocketAddress address) {
        int family = SocketAddresses.familyOf(address);
        return TestLibc.connect(SocketAddresses.encode(address, family), family);
    }

    @EachConfiguration
    void connectionsWaitWithoutASpinUntilSomebodyAccepts(Configuration configuration)
            throws Exception {
        configuration.run(() -> {
            try (TcpListener listener = TcpListener.bind(ANY_PORT)) {
                var early = Waiting.untilParked(Fiber.start(() -> listener.accept()));
                early.cancel();
                assertThatThrownBy(early::join).isInstanceOf(CancellationException.class);
                List<Integer> clients = new ArrayList<>();
                for (int i = 0; i < MANY; i++) {
                    clients.add(connect(listener.localAddress()));
                }
                Turns.assertRest();
                for (int i = 0; i < MANY; i++) {
                    listener.accept().close();
                }
                clients.forEach(TestLibc::close);
            }
        });
    }

    @EachConfiguration
    void clientsThatAreGoneBeforeTheyAreAcceptedHarmNobody(Configuration configuration)
            throws Exception {
        configuration.run(() -> {
            try (TcpListener listener = TcpListener.bind(ANY_PORT)) {
                for (int i = 0; i < MANY; i++) {
                    int gone = connect(listener.localAddress());
                    TestLibc.resetOnClose(gone);
                    TestLibc.close(gone);
                }
                try (var client = TcpSocket.connect(listener.localAddress())) {
                    client.write(Bytes.of("still here"));
                    assertThat(firstThatSpeaks(listener)).isEqualTo("still here");
                }
            }
        });
    }

    private static String firstThatSpeaks(TcpListener listener) throws IOException {
        while (true) {
            try (TcpSocket accepted = listener.accept()) {
                return Bytes.read(accepted);
            } catch (IOException e) {
                assertThat(e).hasMessageContaining("ECONNRESET");
            }
        }
    }

    @EachConfiguration
    void aThreadClosesTheListenerUnderItsAcceptersWhileClientsCome(Configuration configuration)
            throws Exception {
        configuration.run(() -> {
            TcpListener listener = TcpListener.bind(ANY_PORT);
            InetSocketAddress address = listener.localAddress();
            var accepted = new AtomicInteger();
            List<Fiber<?>> accepters = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                accepters.add(
                        Fiber.start(() ->
                                assertThatThrownBy(() -> acceptForEver(listener, accepted))
                                        .isInstanceOf(ClosedChannelException.class)));
            }
            var client =
                    Fiber.start(() ->
                            assertThatThrownBy(() -> connectForEver(address))
                                    .isInstanceOf(IOException.class));
            Waiting.until(() -> accepted.get() > MANY);
            Thread.ofPlatform().start(() -> closeUnchecked(listener));
            for (Fiber<?> accepter : accepters) {
                accepter.join();
            }
            client.join();
        });
    }

    private static void acceptForEver(TcpListener listener, AtomicInteger count)
            throws IOException {
        while (true) {
            listener.accept().close();
            count.incrementAndGet();
        }
    }

    private static void connectForEver(InetSocketAddress address) throws IOException {
        while (true) {
            TcpSocket.connect(address).close();
        }
    }

    private static void closeUnchecked(TcpListener listener) {
        try {
            listener.close();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @EachConfiguration
    void listenersOfSeveralLoopsShareAPortAndItsConnections(Configuration configuration)
            throws Exception {
        try (Loop one = Loop.start(configuration.options());
                Loop two = Loop.start(configuration.options())) {
            TcpListener first = one.submit(() -> TcpListener.bindShared(ANY_PORT)).join();
            InetSocketAddress address = first.localAddress();
            TcpListener second = two.submit(() -> TcpListener.bindShared(address)).join();
            var ofFirst = new AtomicInteger();
            var ofSecond = new AtomicInteger();
            one.submit(() -> acceptForEver(first, ofFirst));
            two.submit(() -> acceptForEver(second, ofSecond));
            for (int i = 0; i < ENOUGH_FOR_BOTH; i++) {
                try (var client = new Socket(address.getAddress(), address.getPort())) {
                    assertThat(client.getInputStream().read()).isEqualTo(-1);
                }
            }
            assertThat(ofFirst).hasPositiveValue();
            assertThat(ofSecond).hasPositiveValue();
        }
    }
}
