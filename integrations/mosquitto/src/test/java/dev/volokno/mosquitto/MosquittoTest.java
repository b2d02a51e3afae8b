package dev.volokno.mosquitto;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.volokno.CancelledException;
import dev.volokno.DeadlineException;
import dev.volokno.fiber.ChannelClosedException;
import dev.volokno.fiber.Fiber;
import dev.volokno.fiber.Offload;
import dev.volokno.fiber.Select;
import dev.volokno.loop.Loop;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a client promises while its broker is well. */
@Timeout(60)
class MosquittoTest {
    @TempDir private static Path folder;

    private static Broker broker;

    @BeforeAll
    static void start() throws IOException {
        broker = new Broker(folder.resolve("broker"));
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @EachConfiguration
    void messagesOfEveryQosArriveInOrder(Configuration loop) throws Exception {
        loop.run(() -> {
            try (var mqtt = broker.client().connect();
                    var messages = mqtt.subscribe("order/+", Qos.EXACTLY_ONCE)) {
                for (Qos qos : Qos.values()) {
                    for (int i = 0; i < 50; i++) {
                        mqtt.publish(Message.of("order/" + qos, "m" + i).with(qos));
                    }
                    for (int i = 0; i < 50; i++) {
                        Message message = messages.receive();
                        assertThat(message.text()).isEqualTo("m" + i);
                        assertThat(message.topic()).isEqualTo("order/" + qos);
                        assertThat(message.qos()).isEqualTo(qos);
                        assertThat(message.retained()).isFalse();
                    }
                }
            }
        });
    }

    @EachConfiguration
    void manyFibersPublishAtOnce(Configuration loop) throws Exception {
        loop.run(() -> {
            try (var mqtt = broker.client().connect();
                    var messages = mqtt.subscribe("many/#", Qos.AT_LEAST_ONCE)) {
                List<Fiber<Void>> senders = new ArrayList<>();
                for (int i = 0; i < 200; i++) {
                    var message = Message.of("many/" + i, "x").with(Qos.AT_LEAST_ONCE);
                    senders.add(Fiber.start(() -> mqtt.publish(message)));
                }
                for (var sender : senders) {
                    sender.join();
                }
                for (int i = 0; i < 200; i++) {
                    messages.receive();
                }
                assertThat(messages.size()).isZero();
            }
        });
    }

    @EachConfiguration
    void largeAndEmptyPayloadsArriveWhole(Configuration loop) throws Exception {
        loop.run(() -> {
            try (var mqtt = broker.client().connect();
                    var messages = mqtt.subscribe("size", Qos.AT_LEAST_ONCE)) {
                var large = new byte[3_000_000];
                for (int i = 0; i < large.length; i++) {
                    large[i] = (byte) (i * 31);
                }
                for (Qos qos : Qos.values()) {
                    mqtt.publish(Message.of("size", large).with(qos));
                    assertThat(messages.receive().payload()).isEqualTo(large);
                    mqtt.publish(Message.of("size", new byte[0]).with(qos));
                    assertThat(messages.receive().payload()).isEmpty();
                }
            }
        });
    }

    @EachConfiguration
    void propertiesOfVersion5Arrive(Configuration loop) throws Exception {
        loop.run(() -> {
            try (var mqtt = broker.client().version5().connect();
                    var messages = mqtt.subscribe("five", Qos.EXACTLY_ONCE)) {
                var properties =
                        MessageProperties.NONE
                                .withContentType("text/plain")
                                .withResponseTopic("five/answers")
                                .withCorrelation(new byte[] {1, 0, 2})
                                .withExpiry(Duration.ofSeconds(60))
                                .asText()
                                .with("unit", "\u00b0C")
                                .with("unit", "K");
                for (Qos qos : Qos.values()) {
                    mqtt.publish(Message.of("five", "21").with(qos).with(properties));
                    var came = messages.receive().properties();
                    assertThat(came.contentType()).contains("text/plain");
                    assertThat(came.responseTopic()).contains("five/answers");
                    assertThat(came.correlation().orElseThrow()).containsExactly(1, 0, 2);
                    assertThat(came.expiry().orElseThrow())
                            .isBetween(Duration.ofSeconds(50), Duration.ofSeconds(60));
                    assertThat(came.text()).isTrue();
                    assertThat(came.user())
                            .containsExactly(Map.entry("unit", "\u00b0C"), Map.entry("unit", "K"));
                    assertThat(came.user("unit")).contains("\u00b0C");
                }
            }
        });
    }

    @EachConfiguration
    void propertiesWithoutVersion5AreRefused(Configuration loop) throws Exception {
        loop.run(() -> {
            try (var mqtt = broker.client().connect()) {
                var message = Message.of("t", "x").with(MessageProperties.NONE.asText());
                assertThatThrownBy(() -> mqtt.publish(message))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("MQTT 5");
                assertThatThrownBy(() -> mqtt.publish(Message.of("no/+/wildcards", "x")))
                        .isInstanceOf(IllegalArgumentException.class);
                assertThatThrownBy(() -> mqtt.publish(Message.of("a\0b", "x")))
                        .isInstanceOf(IllegalArgumentException.class);
                mqtt.publish(Message.of("t", "x"));
            }
        });
    }

    @EachConfiguration
    void retainedMessagesAreKeptByTheBroker(Configuration loop) throws Exception {
        loop.run(() -> {
            String topic = "kept/" + loop;
            try (var mqtt = broker.client().connect()) {
                mqtt.publish(Message.of(topic, "state").with(Qos.AT_LEAST_ONCE).retain());
                try (var messages = mqtt.subscribe(topic, Qos.AT_MOST_ONCE)) {
                    Message kept = messages.receive();
                    assertThat(kept.retained()).isTrue();
                    assertThat(new String(kept.payload(), UTF_8)).isEqualTo("state");
                }
            }
        });
    }

    @EachConfiguration
    void theWillIsPublishedUnlessTheClientTakesItsLeave(Configuration loop) throws Exception {
        loop.run(() -> {
            try (var observer = broker.client().connect();
                    var wills = observer.subscribe("will/" + loop, Qos.AT_LEAST_ONCE)) {
                var last = Message.of("will/" + loop, "gone").with(Qos.AT_LEAST_ONCE);
                broker.client().will(last).connect().close();
                assertThatThrownBy(() -> wills.receive(Duration.ofMillis(50)))
                        .isInstanceOf(DeadlineException.class);
                var elsewhere = new Thread(() -> leaveWithoutAWord(loop, last));
                elsewhere.start();
                assertThat(wills.receive().text()).isEqualTo("gone");
                elsewhere.join();
            }
        });
    }

    private static void leaveWithoutAWord(Configuration loop, Message will) {
        try {
            loop.run(() -> broker.client().will(will).connect());
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @EachConfiguration
    void whatNoBrokerTakesIsRefusedWithoutOne(Configuration loop) throws Exception {
        loop.run(() -> {
            try (var mqtt = Mosquitto.broker("127.0.0.1", 1).start()) {
                assertThatThrownBy(() -> mqtt.publish(Message.of("no/#", "x")))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("no/#");
                for (String filter : List.of("", "a/#/b", "a+", "#a", "a/+b/c", "##")) {
                    assertThatThrownBy(() -> mqtt.subscribe(filter, Qos.AT_MOST_ONCE))
                            .isInstanceOf(IllegalArgumentException.class)
                            .hasMessageContaining("\"" + filter + "\"");
                }
            }
        });
    }

    @EachConfiguration
    void whoeverIsStoppedWithItsLoopTakesItsLeaveToo(Configuration loop) throws Exception {
        loop.run(() -> {
            try (var observer = broker.client().connect();
                    var stopped = observer.subscribe("stopped/" + loop, Qos.AT_LEAST_ONCE)) {
                var will = Message.of(stopped.filter(), "will").with(Qos.AT_LEAST_ONCE);
                Offload.call(() -> connectAndStop(loop, will));
                observer.publish(Message.of(stopped.filter(), "no will before this"));
                assertThat(stopped.receive().text()).isEqualTo("no will before this");
            }
        });
    }

    private static boolean connectAndStop(Configuration loop, Message will) throws Exception {
        loop.run(() -> {
            try (var _ = broker.client().will(will).connect()) {
                Loop.current().stop(Duration.ofSeconds(10));
                assertThatThrownBy(() -> Fiber.sleep(Duration.ofHours(1)))
                        .isInstanceOf(CancelledException.class);
            }
        });
        return true;
    }

    @EachConfiguration
    void overlappingSubscriptionsAndManyOfThemGetTheirs(Configuration loop) throws Exception {
        loop.run(() -> {
            try (var mqtt = broker.client().connect();
                    var rooms = mqtt.subscribe("house/+/light", Qos.AT_LEAST_ONCE);
                    var other = mqtt.subscribe("garden/#", Qos.AT_LEAST_ONCE)) {
                mqtt.publish(Message.of("house/kitchen/light", "1").with(Qos.AT_LEAST_ONCE));
                mqtt.publish(Message.of("garden", "2").with(Qos.AT_LEAST_ONCE));
                mqtt.publish(Message.of("garden/pond/pump", "3").with(Qos.AT_LEAST_ONCE));
                assertThat(rooms.receive().text()).isEqualTo("1");
                assertThat(other.receive().text()).isEqualTo("2");
                assertThat(
                                Select.first(
                                        Select.when(rooms.receiving(), Message::text),
                                        Select.when(other.receiving(), Message::text)))
                        .isEqualTo("3");
            }
        });
    }

    @EachConfiguration
    void aSubscriptionThatIsClosedGetsNothingMore(Configuration loop) throws Exception {
        loop.run(() -> {
            try (var mqtt = broker.client().connect();
                    var other = mqtt.subscribe("closed/b", Qos.AT_LEAST_ONCE)) {
                var closed = mqtt.subscribe("closed/a", Qos.AT_LEAST_ONCE);
                mqtt.publish(Message.of("closed/a", "1").with(Qos.AT_LEAST_ONCE));
                mqtt.publish(Message.of("closed/b", "2").with(Qos.AT_LEAST_ONCE));
                other.receive();
                closed.close();
                mqtt.publish(Message.of("closed/a", "3").with(Qos.AT_LEAST_ONCE));
                assertThat(closed.receive().text()).isEqualTo("1");
                assertThatThrownBy(closed::receive).isInstanceOf(ChannelClosedException.class);
            }
        });
    }

    @EachConfiguration
    void aSlowReaderHoldsTheBrokerBackAndLosesNothing(Configuration loop) throws Exception {
        int count = 3000;
        int limit = 20;
        loop.run(() -> {
            try (var sender = broker.client().connect();
                    var mqtt = broker.client().connect();
                    var slow =
                            mqtt.subscribe(
                                    "slow", Qos.AT_LEAST_ONCE, limit, SlowReader.HOLD_BACK)) {
                var load = new byte[2000];
                var sending =
                        Fiber.start(() -> {
                            for (int i = 0; i < count; i++) {
                                load[0] = (byte) i;
                                sender.publish(Message.of("slow", load).with(Qos.AT_LEAST_ONCE));
                            }
                        });
                sending.join();
                for (int i = 0; i < count; i++) {
                    assertThat(slow.size()).isLessThan(limit + 200);
                    assertThat(slow.receive().payload()[0]).isEqualTo((byte) i);
                }
                assertThat(slow.dropped()).isZero();
                assertThat(mqtt.connections()).isEqualTo(1);
            }
        });
    }

    @EachConfiguration
    void whoDoesNotHoldBackDropsAndCounts(Configuration loop) throws Exception {
        loop.run(() -> {
            try (var mqtt = broker.client().connect();
                    var oldest =
                            mqtt.subscribe("drop/a", Qos.AT_LEAST_ONCE, 3, SlowReader.DROP_OLDEST);
                    var newest =
                            mqtt.subscribe("drop/b", Qos.AT_LEAST_ONCE, 3, SlowReader.DROP_NEWEST);
                    var all = mqtt.subscribe("drop/end", Qos.AT_LEAST_ONCE)) {
                for (int i = 0; i < 10; i++) {
                    mqtt.publish(Message.of("drop/a", "" + i).with(Qos.AT_LEAST_ONCE));
                    mqtt.publish(Message.of("drop/b", "" + i).with(Qos.AT_LEAST_ONCE));
                }
                mqtt.publish(Message.of("drop/end", "").with(Qos.AT_LEAST_ONCE));
                all.receive();
                assertThat(List.of(text(oldest), text(oldest), text(oldest)))
                        .containsExactly("7", "8", "9");
                assertThat(List.of(text(newest), text(newest), text(newest)))
                        .containsExactly("0", "1", "2");
                assertThat(oldest.dropped()).isEqualTo(7);
                assertThat(newest.dropped()).isEqualTo(7);
            }
        });
    }

    private static String text(Subscription subscription) {
        return subscription.receive().text();
    }

    @EachConfiguration
    void plainThreadsAndOtherLoopsUseTheSameClient(Configuration loop) throws Exception {
        loop.run(() -> {
            try (var mqtt = broker.client().connect();
                    var messages = mqtt.subscribe("thread", Qos.AT_LEAST_ONCE)) {
                var failure = new AtomicReference<Exception>();
                var thread =
                        new Thread(() -> {
                            try {
                                mqtt.publish(Message.of("thread", "t").with(Qos.EXACTLY_ONCE));
                            } catch (IOException e) {
                                failure.set(e);
                            }
                        });
                thread.start();
                assertThat(messages.receive().text()).isEqualTo("t");
                thread.join();
                assertThat(failure.get()).isNull();
            }
        });
    }

    @EachConfiguration
    void afterTheCloseNothingIsPublished(Configuration loop) throws Exception {
        loop.run(() -> {
            var mqtt = broker.client().connect();
            var messages = mqtt.subscribe("end", Qos.AT_LEAST_ONCE);
            assertThat(mqtt.isConnected()).isTrue();
            mqtt.close();
            mqtt.close();
            assertThat(mqtt.isConnected()).isFalse();
            assertThatThrownBy(() -> mqtt.publish(Message.of("end", "x")))
                    .isInstanceOf(dev.volokno.foreign.LibraryEndedException.class);
            assertThat(messages.iterator().hasNext()).isFalse();
        });
    }

    @EachConfiguration
    void whoIsNotAcceptedIsToldWhy(Configuration loop) throws Exception {
        try (var strict = new Broker(folder.resolve("strict"), "allow_anonymous false")) {
            loop.run(() -> {
                assertThatThrownBy(() -> strict.client().connect())
                        .isInstanceOf(MqttException.class)
                        .hasMessageContaining("not authorised")
                        .satisfies(e -> assertThat(((MqttException) e).code()).isEqualTo(5));
                assertThatThrownBy(() ->
                                strict.client()
                                        .version5()
                                        .credentials("nobody", "secret")
                                        .connect())
                        .isInstanceOf(MqttException.class)
                        .hasMessageContaining("Not authorized");
            });
        }
    }
}
