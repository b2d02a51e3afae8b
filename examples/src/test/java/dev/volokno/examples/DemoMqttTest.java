package dev.volokno.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.volokno.loop.Loop;
import dev.volokno.loop.LoopOptions;
import dev.volokno.mosquitto.Mosquitto;
import dev.volokno.mosquitto.Qos;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The demo beside a broker, which comes late, and goes. */
@Timeout(120)
class DemoMqttTest {
    private static final String BROKER = "/usr/sbin/mosquitto";

    @TempDir private Path folder;

    private int port;

    @BeforeEach
    void settings() throws Exception {
        assumeTrue(
                Files.isExecutable(Path.of(BROKER)), "needs mosquitto: apt-get install mosquitto");
        try (var free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        Files.writeString(
                folder.resolve("broker.conf"),
                "listener " + port + " 127.0.0.1\nallow_anonymous true\nlog_dest stderr\n");
    }

    private Program broker() throws Exception {
        var broker = Program.start(folder, BROKER, "-c", folder.resolve("broker.conf").toString());
        broker.awaitLine("running");
        return broker;
    }

    @Test
    void linesArePublishedWhenTheBrokerIsThereAndTheRestGoesOnWhenNot() throws Exception {
        String topic = "127.0.0.1:" + port + "/demo/lines";
        try (var demo = Program.example(folder, "Demo", "--mqtt", topic)) {
            demo.awaitLine("mqtt: connection to mqtt://127.0.0.1:" + port);
            demo.awaitLine("\"type\":\"GPGGA\"");
            try (var _ = broker()) {
                demo.awaitLine("mqtt: connected");
                Loop.run(LoopOptions.unconfined(), this::receiveSome);
            }
            demo.awaitLine("mqtt: connection to");
            demo.awaitLine("\"type\":\"GPGGA\"");
            demo.signal("TERM");
            demo.awaitLine(" published, ");
        }
    }

    private void receiveSome() throws Exception {
        try (var mqtt = Mosquitto.broker("127.0.0.1", port).connect();
                var lines = mqtt.subscribe("demo/#", Qos.AT_LEAST_ONCE)) {
            for (int i = 0; i < 3; i++) {
                var line = lines.receive();
                assertThat(line.topic()).isEqualTo("demo/lines");
                assertThat(line.text()).startsWith("{\"type\":\"GPGGA\",\"fields\":[");
            }
        }
    }

    @Test
    void whatIsNoBrokerAndTopicIsRefused() throws Exception {
        try (var demo = Program.example(folder, "Demo", "--mqtt", "broker")) {
            demo.awaitLine("--mqtt wants host[:port]/topic, not broker");
            assertThat(demo.exitStatus()).isEqualTo(2);
        }
    }
}
