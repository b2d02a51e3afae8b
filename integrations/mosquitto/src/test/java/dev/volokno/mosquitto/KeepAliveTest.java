package dev.volokno.mosquitto;

import static org.assertj.core.api.Assertions.assertThat;

import dev.volokno.fiber.Action;
import dev.volokno.fiber.Fiber;
import dev.volokno.net.TcpSocket;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A connection from which nothing is read lives on, although no ping can be answered. */
@Timeout(60)
class KeepAliveTest {
    private static final int MESSAGES = 500;
    private static final byte SECONDS = 5;

    @TempDir private Path folder;

    private Path log;
    private Broker broker;

    @BeforeEach
    void start() throws IOException {
        log = folder.resolve("log");
        broker =
                new Broker(
                        folder.resolve("broker"), "log_dest file " + log, "log_type unsubscribe");
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    @EachConfiguration
    void theBrokerHearsOfWhoIsHeldBack(Configuration loop) throws Exception {
        loop.run(() ->
                holdBack(() -> {
                    while (!Files.readString(log).contains("volokno/sign-of-life")) {
                        Fiber.sleep(Duration.ofMillis(10));
                    }
                }));
    }

    /** After once and a half the time the broker drops who is silent, after twice the library. */
    @Tag("soak")
    @EachConfiguration
    void nobodyGivesUpAConnectionThatIsHeldBack(Configuration loop) throws Exception {
        loop.run(() ->
                holdBack(() -> {
                    untilASilentClientIsDropped();
                    untilASilentClientIsDropped();
                    untilASilentClientIsDropped();
                }));
    }

    /** Meanwhile a subscription is full; then everything comes, over the same connection. */
    private void holdBack(Action<? extends Exception> meanwhile) throws Exception {
        var options = broker.client().keepAlive(Duration.ofSeconds(SECONDS));
        try (var sender = broker.client().connect();
                var mqtt = options.connect();
                var slow = mqtt.subscribe("slow", Qos.AT_LEAST_ONCE, 1, SlowReader.HOLD_BACK)) {
            for (int i = 0; i < MESSAGES; i++) {
                sender.publish(Message.of("slow", "" + i).with(Qos.AT_LEAST_ONCE));
            }
            meanwhile.run();
            assertThat(slow.size()).isLessThan(MESSAGES);
            for (int i = 0; i < MESSAGES; i++) {
                assertThat(slow.receive().text()).isEqualTo("" + i);
            }
            assertThat(mqtt.connections()).isEqualTo(1);
        }
    }

    /** Whoever promises a sign of life and gives none: the broker's clock for all of them. */
    private void untilASilentClientIsDropped() throws IOException {
        byte[] connect = {
            0x10, 14, 0, 4, 'M', 'Q', 'T', 'T', 4, 2, 0, SECONDS, 0, 2, 'i', 'd',
        };
        var address = new InetSocketAddress("127.0.0.1", broker.port());
        try (var silent = TcpSocket.connect(address)) {
            silent.write(ByteBuffer.wrap(connect));
            ByteBuffer answer = ByteBuffer.allocate(100);
            while (silent.read(answer) >= 0) {
                assertThat(answer.position()).as("bytes of a CONNACK").isLessThanOrEqualTo(4);
            }
        }
    }
}
