package dev.volokno.mosquitto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.volokno.DeadlineException;
import dev.volokno.fiber.Fiber;
import dev.volokno.net.Resolver;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a client promises while its broker stops, starts, freezes, and the line to it is cut. */
@Timeout(120)
class OutageTest {
    private static final int SENDERS = 20;
    private static final Duration KEPT = Duration.ofHours(1);

    @TempDir private Path folder;

    private Broker broker;

    @BeforeEach
    void start() throws IOException {
        broker = new Broker(folder.resolve("broker"));
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    /** Something that goes wrong, once. */
    private interface Outage {
        void happen(Line line) throws Exception;
    }

    private void stopAndStart(Line line) throws Exception {
        broker.stop();
        Fiber.sleep(Duration.ofMillis(100));
        broker.start();
    }

    private void freeze(Line line) throws Exception {
        broker.signal("STOP");
        Fiber.sleep(Duration.ofSeconds(12));
        broker.signal("CONT");
    }

    @EachConfiguration
    void noMessageIsLostAndNoneOfQos2DoubledWhenTheBrokerIsStarted(Configuration loop)
            throws Exception {
        survives(loop, this::stopAndStart, 2);
    }

    @EachConfiguration
    void noMessageIsLostAndNoneOfQos2DoubledWhenTheLineIsCut(Configuration loop) throws Exception {
        survives(loop, Line::cut, 5);
    }

    @Tag("soak")
    @Timeout(600)
    @EachConfiguration
    void noMessageIsLostAndNoneOfQos2DoubledInAllOutages(Configuration loop) throws Exception {
        survives(loop, this::stopAndStart, 20);
        survives(loop, Line::cut, 100);
        survives(loop, this::freeze, 3);
    }

    private void survives(Configuration loop, Outage outage, int times) throws Exception {
        loop.run(() -> {
            try (var line = new Line(broker.port());
                    var receiver = kept(line, "receiver").connect();
                    var sender = kept(line, "sender").connect()) {
                var messages = receiver.subscribe("out/#", Qos.EXACTLY_ONCE);
                var going = new AtomicBoolean(true);
                List<Fiber<Integer>> sending = new ArrayList<>();
                for (int i = 0; i < SENDERS; i++) {
                    String topic = "out/" + i;
                    Qos qos = i % 2 == 0 ? Qos.AT_LEAST_ONCE : Qos.EXACTLY_ONCE;
                    sending.add(Fiber.start(() -> sendWhile(going, sender, topic, qos)));
                }
                var came = new ConcurrentHashMap<String, Integer>();
                var receiving =
                        Fiber.start(() -> {
                            for (Message message : messages) {
                                came.merge(message.topic() + " " + message.text(), 1, Integer::sum);
                            }
                        });
                for (int i = 0; i < times; i++) {
                    awaitTraffic(receiver, sender, came);
                    outage.happen(line);
                }
                awaitTraffic(receiver, sender, came);
                going.set(false);
                for (int i = 0; i < SENDERS; i++) {
                    int count = sending.get(i).join();
                    for (int n = 0; n < count; n++) {
                        awaitArrival(came, "out/" + i + " " + n);
                        if (i % 2 == 1) {
                            assertThat(came.get("out/" + i + " " + n))
                                    .as("how often out/" + i + " " + n + " came")
                                    .isEqualTo(1);
                        }
                    }
                }
                assertThat(sender.connections()).isGreaterThan(1);
                messages.close();
                receiving.join();
            }
        });
    }

    /**
     * Messages pass again. Not before that the next outage: this broker, to which the line is lost
     * while it repeats that messages may be released, sends those a second time.
     */
    private static void awaitTraffic(
            Mosquitto receiver, Mosquitto sender, Map<String, Integer> came) {
        while (!receiver.isConnected() || !sender.isConnected()) {
            Fiber.sleep(Duration.ofMillis(2));
        }
        int before = came.size();
        while (came.size() < before + 3 * SENDERS) {
            Fiber.sleep(Duration.ofMillis(2));
        }
    }

    private static int sendWhile(AtomicBoolean going, Mosquitto sender, String topic, Qos qos)
            throws IOException {
        int count = 0;
        while (going.get()) {
            sender.publish(Message.of(topic, Integer.toString(count)).with(qos));
            count++;
        }
        return count;
    }

    /** The broker sends again what was under way, in an order of its own. */
    private static void awaitArrival(Map<String, Integer> came, String message) {
        for (int i = 0; i < 2000 && !came.containsKey(message); i++) {
            Fiber.sleep(Duration.ofMillis(5));
        }
        assertThat(came).as("all that came").containsKey(message);
    }

    private MosquittoOptions kept(Line line, String name) {
        return Mosquitto.broker("127.0.0.1", line.port())
                .clientId(name)
                .session(KEPT)
                .keepAlive(Duration.ofSeconds(5))
                .timeout(Duration.ofSeconds(2))
                .pauses(Duration.ofMillis(10), Duration.ofMillis(50));
    }

    @EachConfiguration
    void whatIsPublishedWithoutABrokerWaitsForOne(Configuration loop) throws Exception {
        loop.run(() -> {
            broker.stop();
            try (var mqtt = broker.client().start()) {
                var waiting = new ArrayList<Fiber<Void>>();
                for (Qos qos : Qos.values()) {
                    waiting.add(
                            Fiber.start(() -> mqtt.publish(Message.of("later", "x").with(qos))));
                }
                assertThatThrownBy(
                                () -> mqtt.publish(Message.of("late", "x"), Duration.ofMillis(20)))
                        .isInstanceOf(DeadlineException.class);
                assertThat(mqtt.isConnected()).isFalse();
                assertThat(mqtt.lastFailure()).isPresent();
                broker.start();
                for (var fiber : waiting) {
                    fiber.join();
                }
                assertThat(mqtt.connections()).isEqualTo(1);
            }
        });
    }

    @EachConfiguration
    void nobodyThereIsToldAtOnce(Configuration loop) throws Exception {
        loop.run(() -> {
            broker.stop();
            assertThatThrownBy(() -> broker.client().connect())
                    .isInstanceOf(MqttException.class)
                    .hasMessageContaining("127.0.0.1:" + broker.port())
                    .hasMessageContaining("Connection refused");
            broker.start();
        });
    }

    @EachConfiguration
    void aBrokerThatSaysNothingIsGivenUp(Configuration loop) throws Exception {
        try (var silent = new ServerSocket(0)) {
            loop.run(() ->
                    assertThatThrownBy(() ->
                                    Mosquitto.broker("127.0.0.1", silent.getLocalPort())
                                            .timeout(Duration.ofMillis(100))
                                            .connect())
                            .isInstanceOf(DeadlineException.class));
        }
    }

    @EachConfiguration
    void subscriptionsComeBackWithTheBroker(Configuration loop) throws Exception {
        loop.run(() -> {
            try (var mqtt = broker.client().connect();
                    var messages = mqtt.subscribe("back", Qos.AT_LEAST_ONCE)) {
                for (int i = 0; i < 2; i++) {
                    broker.stop();
                    broker.start();
                    mqtt.publish(Message.of("back", "" + i).with(Qos.AT_LEAST_ONCE));
                    assertThat(messages.receive().text()).isEqualTo("" + i);
                }
                assertThat(mqtt.connections()).isEqualTo(3);
                assertThat(mqtt.lastFailure()).isPresent();
            }
        });
    }

    @EachConfiguration
    void theSessionKeepsWhatComesMeanwhile(Configuration loop) throws Exception {
        loop.run(() -> {
            for (boolean five : List.of(false, true)) {
                var options = broker.client().clientId("keeper" + five).session(KEPT);
                options = five ? options.version5() : options;
                String topic = "meanwhile/" + five;
                try (var mqtt = options.connect()) {
                    mqtt.subscribe(topic, Qos.AT_LEAST_ONCE);
                }
                try (var other = broker.client().connect()) {
                    other.publish(Message.of(topic, "missed").with(Qos.AT_LEAST_ONCE));
                }
                try (var mqtt = options.connect();
                        var messages = mqtt.subscribe(topic, Qos.AT_LEAST_ONCE)) {
                    assertThat(messages.receive().text()).isEqualTo("missed");
                }
            }
        });
    }

    @EachConfiguration
    void withoutABrokerTheClientRests(Configuration loop) throws Exception {
        loop.run(() -> {
            var options = broker.client().pauses(Duration.ofMillis(200), Duration.ofMillis(200));
            try (var mqtt = options.connect();
                    var _ = mqtt.subscribe("t", Qos.AT_LEAST_ONCE)) {
                broker.stop();
                while (mqtt.isConnected()) {
                    Fiber.sleep(Duration.ofMillis(5));
                }
                Duration cpu = cpuTime();
                long turns = dev.volokno.loop.Loop.current().stats().turns();
                Fiber.sleep(Duration.ofMillis(1000));
                assertThat(dev.volokno.loop.Loop.current().stats().turns() - turns).isLessThan(200);
                assertThat(cpuTime().minus(cpu)).isLessThan(Duration.ofMillis(500));
                broker.start();
            }
        });
    }

    private static Duration cpuTime() {
        return ProcessHandle.current().info().totalCpuDuration().orElseThrow();
    }

    @EachConfiguration
    void theNameIsLookedUpByTheResolverThatWasGiven(Configuration loop) throws Exception {
        loop.run(() -> {
            var asked = new ArrayList<String>();
            Resolver resolver =
                    name -> {
                        Fiber.sleep(Duration.ofMillis(30));
                        asked.add(name);
                        return List.of(
                                InetAddress.ofLiteral("127.0.0.2"),
                                InetAddress.ofLiteral("127.0.0.1"));
                    };
            var beats = new AtomicInteger();
            var beating =
                    Fiber.start(() -> {
                        while (beats.get() >= 0) {
                            beats.incrementAndGet();
                            Fiber.sleep(Duration.ofMillis(1));
                        }
                    });
            var options = Mosquitto.broker("broker.invalid", broker.port()).resolver(resolver);
            try (var mqtt = options.connect()) {
                mqtt.publish(Message.of("named", "x").with(Qos.AT_LEAST_ONCE));
            }
            assertThat(asked).containsExactly("broker.invalid");
            assertThat(beats.getAndSet(-1)).isGreaterThan(5);
            beating.cancel();
        });
    }
}
