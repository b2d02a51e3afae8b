package dev.volokno.mosquitto;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Objects;

/**
 * A message, on its way to the broker or from it.
 *
 * @param topic where it is published
 * @param payload its bytes, which are not copied: whoever has it does not change them
 * @param qos how surely it is to arrive; of one that came, how it came
 * @param retained whether the broker is to keep it for future subscribers; of one that came,
 *     whether it is such a kept one
 * @param properties those of MQTT 5
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
public record Message(
        String topic, byte[] payload, Qos qos, boolean retained, MessageProperties properties) {
    /** Checks that nothing is missing. */
    public Message {
        Objects.requireNonNull(topic, "topic");
        Objects.requireNonNull(payload, "payload");
        Objects.requireNonNull(qos, "qos");
        Objects.requireNonNull(properties, "properties");
    }

    /** A message of bytes, to be sent at most once. */
    public static Message of(String topic, byte[] payload) {
        return new Message(topic, payload, Qos.AT_MOST_ONCE, false, MessageProperties.NONE);
    }

    /** A message of UTF-8 text, to be sent at most once. */
    public static Message of(String topic, String text) {
        return of(topic, text.getBytes(UTF_8));
    }

    /** The same, to arrive as surely as that. */
    public Message with(Qos wanted) {
        return new Message(topic, payload, wanted, retained, properties);
    }

    /** The same, to be kept by the broker. */
    public Message retain() {
        return new Message(topic, payload, qos, true, properties);
    }

    /** The same with properties of MQTT 5. */
    public Message with(MessageProperties others) {
        return new Message(topic, payload, qos, retained, others);
    }

    /** The payload as UTF-8 text. */
    public String text() {
        return new String(payload, UTF_8);
    }

    @Override
    public String toString() {
        return topic + ", " + payload.length + " bytes, " + qos + (retained ? ", retained" : "");
    }
}
