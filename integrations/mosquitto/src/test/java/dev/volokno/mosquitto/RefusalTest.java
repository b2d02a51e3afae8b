package dev.volokno.mosquitto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

/** What is refused at the door, and brokers that are none. */
class RefusalTest {
    /** One that nobody listens at; nothing of this needs it. */
    private static final MosquittoOptions NOBODY = Mosquitto.broker("127.0.0.1", 1);

    @EachConfiguration
    void whatIsNoFilterIsRefusedAndForgotten(Configuration configuration) throws Exception {
        var none = List.of("", "a#", "#/a", "a+/b", "a\0", "\ud800", "a".repeat(65_536));
        configuration.run(() -> {
            try (var client = NOBODY.start()) {
                for (String filter : none) {
                    assertThatThrownBy(() -> client.subscribe(filter, Qos.AT_MOST_ONCE))
                            .isInstanceOf(IllegalArgumentException.class)
                            .hasMessageContaining("filter of topics: ");
                }
            }
        });
    }

    @Test
    void timesThatAreNoneAreRefused() {
        assertThatThrownBy(() -> NOBODY.timeout(Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("PT0S");
        assertThatThrownBy(() -> NOBODY.session(Duration.ofSeconds(-1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("PT-1S");
    }

    /** The library takes the end amid a packet for an error of the system's, which has none. */
    @EachConfiguration
    void anAnswerThatBreaksOffIsALostConnection(Configuration configuration) throws Exception {
        for (int length = 0; length < 4; length++) {
            byte[] start =
                    List.of(
                                    new byte[0],
                                    new byte[] {0x20},
                                    new byte[] {0x20, 2},
                                    new byte[] {0x20, 2, 0})
                            .get(length);
            try (var listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                var session = new FutureTask<>(() -> answer(listener, start));
                Thread.ofPlatform().daemon().start(session);
                var options = Mosquitto.broker("127.0.0.1", listener.getLocalPort());
                configuration.run(() ->
                        assertThatThrownBy(options::connect)
                                .isInstanceOf(MqttException.class)
                                .hasMessageContaining("The connection was lost"));
                assertThat(session.get()).isTrue();
            }
        }
    }

    private static boolean answer(ServerSocket listener, byte[] start) throws Exception {
        try (Socket client = listener.accept()) {
            InputStream in = client.getInputStream();
            int type = in.read();
            in.skipNBytes(in.read());
            client.getOutputStream().write(start);
            return type == 0x10;
        }
    }
}
