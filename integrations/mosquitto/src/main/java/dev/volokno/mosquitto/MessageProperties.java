package dev.volokno.mosquitto;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What MQTT 5 lets a message carry besides its payload. Nothing of it can be sent with an earlier
 * version.
 *
 * @param expiry how long the broker is to keep the message for who has not received it; whole
 *     seconds count
 * @param contentType a MIME type as a rule
 * @param responseTopic where an answer is to be published
 * @param correlation what an answer is to carry, so that it is known for one
 * @param text whether the payload is said to be UTF-8
 * @param user names and values in the order they were added; a name may occur again
 */
public record MessageProperties(
        Optional<Duration> expiry,
        Optional<String> contentType,
        Optional<String> responseTopic,
        Optional<byte[]> correlation,
        boolean text,
        List<Map.Entry<String, String>> user) {
    /** None. */
    public static final MessageProperties NONE =
            new MessageProperties(
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    false,
                    List.of());

    /** Copies the list. */
    public MessageProperties {
        user = List.copyOf(user);
    }

    /** The same with an expiry. */
    public MessageProperties withExpiry(Duration after) {
        return new MessageProperties(
                Optional.of(after), contentType, responseTopic, correlation, text, user);
    }

    /** The same with a content type. */
    public MessageProperties withContentType(String type) {
        return new MessageProperties(
                expiry, Optional.of(type), responseTopic, correlation, text, user);
    }

    /** The same with a topic for answers. */
    public MessageProperties withResponseTopic(String topic) {
        return new MessageProperties(
                expiry, contentType, Optional.of(topic), correlation, text, user);
    }

    /** The same with a mark for answers. */
    public MessageProperties withCorrelation(byte[] mark) {
        return new MessageProperties(
                expiry, contentType, responseTopic, Optional.of(mark.clone()), text, user);
    }

    /** The same for a payload that is text. */
    public MessageProperties asText() {
        return new MessageProperties(expiry, contentType, responseTopic, correlation, true, user);
    }

    /** The same with one more property of the user's own. */
    public MessageProperties with(String name, String value) {
        var more = new ArrayList<>(user);
        more.add(Map.entry(name, value));
        return new MessageProperties(expiry, contentType, responseTopic, correlation, text, more);
    }

    /** The value of the first property of the user's own with this name. */
    public Optional<String> user(String name) {
        return user.stream()
                .filter(entry -> entry.getKey().equals(name))
                .map(Map.Entry::getValue)
                .findFirst();
    }
}
