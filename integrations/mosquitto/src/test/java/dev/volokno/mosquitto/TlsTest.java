package dev.volokno.mosquitto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.volokno.DeadlineException;
import dev.volokno.fiber.Fiber;
import dev.volokno.loop.Loop;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Encrypted connections, of which the library says little while they are made. */
@Timeout(60)
class TlsTest {
    @TempDir private static Path folder;

    private static Broker broker;

    @BeforeAll
    static void start() throws Exception {
        openssl(
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-nodes",
                "-subj",
                "/CN=test authority",
                "-days",
                "2",
                "-keyout",
                "ca.key",
                "-out",
                "ca.pem");
        certificate("broker", "subjectAltName=DNS:localhost");
        certificate("client", "subjectAltName=DNS:client");
        broker =
                new Broker(
                        folder.resolve("broker"),
                        "cafile " + folder.resolve("ca.pem"),
                        "certfile " + folder.resolve("broker.pem"),
                        "keyfile " + folder.resolve("broker.key"),
                        "require_certificate true");
    }

    private static void certificate(String name, String extension) throws Exception {
        openssl(
                "req",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-nodes",
                "-subj",
                "/CN=" + name,
                "-keyout",
                name + ".key",
                "-out",
                name + ".csr");
        java.nio.file.Files.writeString(folder.resolve(name + ".ext"), extension + "\n");
        openssl(
                "x509",
                "-req",
                "-in",
                name + ".csr",
                "-CA",
                "ca.pem",
                "-CAkey",
                "ca.key",
                "-CAcreateserial",
                "-days",
                "2",
                "-extfile",
                name + ".ext",
                "-out",
                name + ".pem");
    }

    private static void openssl(String... arguments) throws Exception {
        var command = new ArrayList<>(List.of("openssl"));
        command.addAll(List.of(arguments));
        int status;
        try {
            status =
                    new ProcessBuilder(command)
                            .directory(folder.toFile())
                            .redirectErrorStream(true)
                            .redirectOutput(folder.resolve("openssl.log").toFile())
                            .start()
                            .waitFor();
        } catch (IOException notThere) {
            status = 127;
        }
        assumeTrue(status == 0, "needs openssl: apt-get install openssl");
    }

    @AfterAll
    static void stop() {
        if (broker != null) {
            broker.close();
        }
    }

    private static Tls trusted() {
        return Tls.trusting(folder.resolve("ca.pem"))
                .showing(folder.resolve("client.pem"), folder.resolve("client.key"));
    }

    private static MosquittoOptions at(String host) {
        return Mosquitto.broker(host, broker.port()).timeout(Duration.ofSeconds(10));
    }

    @EachConfiguration
    void messagesOfAnySizePass(Configuration loop) throws Exception {
        loop.run(() -> {
            try (var mqtt = at("localhost").tls(trusted()).connect();
                    var messages = mqtt.subscribe("secret", Qos.EXACTLY_ONCE)) {
                for (int size : new int[] {0, 1, 100, 16_384, 16_385, 1_000_000}) {
                    var payload = new byte[size];
                    for (int i = 0; i < size; i++) {
                        payload[i] = (byte) (i * 7);
                    }
                    for (Qos qos : Qos.values()) {
                        mqtt.publish(Message.of("secret", payload).with(qos));
                    }
                    for (Qos _ : Qos.values()) {
                        assertThat(messages.receive().payload()).isEqualTo(payload);
                    }
                }
            }
        });
    }

    @EachConfiguration
    void theCertificateMustBeForTheName(Configuration loop) throws Exception {
        loop.run(() -> {
            assertThatThrownBy(() -> at("127.0.0.1").tls(trusted()).connect())
                    .isInstanceOf(MqttException.class);
            at("127.0.0.1").tls(trusted().unverified()).connect().close();
        });
    }

    @EachConfiguration
    void whoIsNotTrustedIsRefused(Configuration loop) throws Exception {
        loop.run(() -> {
            assertThatThrownBy(() -> at("localhost").tls(Tls.system()).connect())
                    .isInstanceOf(MqttException.class);
            var nowhere = Tls.trusting(Path.of("/nowhere/ca.pem"));
            assertThatThrownBy(() -> at("localhost").tls(nowhere).connect())
                    .isInstanceOf(MqttException.class);
        });
    }

    @EachConfiguration
    void aHandshakeThatDoesNotGoOnKeepsNobodyBusy(Configuration loop) throws Exception {
        try (var silent = new ServerSocket(0)) {
            loop.run(() -> {
                var options =
                        Mosquitto.broker("127.0.0.1", silent.getLocalPort())
                                .tls(trusted())
                                .timeout(Duration.ofMillis(500));
                long before = Loop.current().stats().turns();
                assertThatThrownBy(options::connect).isInstanceOf(DeadlineException.class);
                assertThat(Loop.current().stats().turns() - before).isLessThan(200);
            });
        }
    }

    @EachConfiguration
    void aHandshakeThatIsCutOffIsToldAtOnce(Configuration loop) throws Exception {
        try (var rude = new ServerSocket(0)) {
            var closer =
                    new Thread(() -> {
                        try (var socket = rude.accept()) {
                            int first = socket.getInputStream().read();
                            assertThat(first).isNotNegative();
                            socket.setSoLinger(true, 0);
                        } catch (IOException e) {
                            throw new AssertionError(e);
                        }
                    });
            closer.start();
            loop.run(() -> {
                var options =
                        Mosquitto.broker("127.0.0.1", rude.getLocalPort())
                                .tls(trusted())
                                .timeout(Duration.ofSeconds(20));
                assertThatThrownBy(options::connect).isInstanceOf(MqttException.class);
            });
            closer.join();
        }
    }

    @EachConfiguration
    void theConnectionComesBack(Configuration loop) throws Exception {
        loop.run(() -> {
            var options =
                    at("localhost")
                            .tls(trusted())
                            .pauses(Duration.ofMillis(20), Duration.ofMillis(50));
            try (var mqtt = options.connect();
                    var messages = mqtt.subscribe("again", Qos.AT_LEAST_ONCE)) {
                broker.stop();
                broker.start();
                mqtt.publish(Message.of("again", "x").with(Qos.AT_LEAST_ONCE));
                assertThat(messages.receive().text()).isEqualTo("x");
                assertThat(mqtt.connections()).isEqualTo(2);
                Fiber.checkpoint();
            }
        });
    }
}
