import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt3.Mqtt3AsyncClient;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/** HiveMQ's client, the asynchronous face of it, over Netty. */
final class HiveClient implements MqttClient {
    private Mqtt3AsyncClient client;

    @Override
    public void open(int port, String topic, int qos, Consumer<Integer> received) throws Exception {
        client =
                com.hivemq.client.mqtt.MqttClient.builder()
                        .useMqttVersion3()
                        .identifier("hive")
                        .serverHost("127.0.0.1")
                        .serverPort(port)
                        .buildAsync();
        client.connect().get();
        client.subscribeWith()
                .topicFilter(topic)
                .qos(MqttQos.fromCode(qos))
                .callback(message -> received.accept(message.getPayloadAsBytes().length))
                .send()
                .get();
    }

    @Override
    public void publish(String topic, byte[] payload, int qos, int count) throws Exception {
        var room = new Semaphore(Parameters.IN_FLIGHT);
        for (int i = 0; i < count; i++) {
            room.acquire();
            client.publishWith()
                    .topic(topic)
                    .qos(MqttQos.fromCode(qos))
                    .payload(payload)
                    .send()
                    .whenComplete(
                            (_, failure) -> {
                                if (failure != null) {
                                    Parameters.fail(failure);
                                }
                                room.release();
                            });
        }
        room.acquire(Parameters.IN_FLIGHT);
    }

    @Override
    public void close() throws Exception {
        client.disconnect().get();
    }
}
