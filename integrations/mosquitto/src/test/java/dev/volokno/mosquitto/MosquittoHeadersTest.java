package dev.volokno.mosquitto;

import dev.volokno.support.HeaderCheck;
import org.junit.jupiter.api.Test;

/** The numbers of the binding are those of {@code <mosquitto.h>} and what comes with it. */
class MosquittoHeadersTest {
    @Test
    void everyNumberIsThatOfTheHeaders() throws Exception {
        HeaderCheck check = HeaderCheck.of("libmosquitto-dev", "mosquitto.h", "mqtt_protocol.h");
        boolean loaded = Installed.load();
        assert loaded;
        check.numbers(Libmosquitto.class, "", "")
                .numbers(Properties5.class, "MQTT_PROP_", PROPERTIES)
                .numbers(Subscriptions.class, "", SUBSCRIPTIONS)
                .numbers(Setup.class, "", "MQTT_5 = MQTT_PROTOCOL_V5")
                .assumed(0, "offsetof(struct mosquitto_message, mid)")
                .check();
    }

    private static final String PROPERTIES =
            """
            TEXT = MQTT_PROP_PAYLOAD_FORMAT_INDICATOR
            EXPIRY = MQTT_PROP_MESSAGE_EXPIRY_INTERVAL
            CORRELATION = MQTT_PROP_CORRELATION_DATA
            SESSION_EXPIRY = MQTT_PROP_SESSION_EXPIRY_INTERVAL
            USER = MQTT_PROP_USER_PROPERTY
            """;

    private static final String SUBSCRIPTIONS =
            """
            REFUSED = MQTT_RC_UNSPECIFIED
            MOST_UNCLAIMED = ours
            TOPIC = offsetof(struct mosquitto_message, topic)
            PAYLOAD = offsetof(struct mosquitto_message, payload)
            LENGTH = offsetof(struct mosquitto_message, payloadlen)
            QOS = offsetof(struct mosquitto_message, qos)
            RETAINED = offsetof(struct mosquitto_message, retain)
            SIZE = sizeof(struct mosquitto_message)
            """;
}
