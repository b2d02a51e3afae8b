import java.util.function.Consumer;

/** One end of the benchmark: a client of one kind that publishes to itself. */
interface MqttClient extends AutoCloseable {
    /** Connects, subscribes to {@code topic}, and hands over the length of each payload. */
    void open(int port, String topic, int qos, Consumer<Integer> received) throws Exception;

    /** Publishes so often, with as many as it likes under way; returns when all are delivered. */
    void publish(String topic, byte[] payload, int qos, int count) throws Exception;
}
