import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.eclipse.paho.client.mqttv3.IMqttActionListener;
import org.eclipse.paho.client.mqttv3.IMqttToken;
import org.eclipse.paho.client.mqttv3.MqttAsyncClient;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;

/** Eclipse Paho, its asynchronous client. */
final class PahoClient implements MqttClient {
    private MqttAsyncClient client;

    @Override
    public void open(int port, String topic, int qos, Consumer<Integer> received) throws Exception {
        client = new MqttAsyncClient("tcp://127.0.0.1:" + port, "paho", new MemoryPersistence());
        var options = new MqttConnectOptions();
        options.setMaxInflight(Parameters.IN_FLIGHT * 2);
        client.connect(options).waitForCompletion();
        client.subscribe(topic, qos, (_, message) -> received.accept(message.getPayload().length))
                .waitForCompletion();
    }

    @Override
    public void publish(String topic, byte[] payload, int qos, int count) throws Exception {
        var room = new Semaphore(Parameters.IN_FLIGHT);
        var done =
                new IMqttActionListener() {
                    @Override
                    public void onSuccess(IMqttToken token) {
                        room.release();
                    }

                    @Override
                    public void onFailure(IMqttToken token, Throwable failure) {
                        Parameters.fail(failure);
                    }
                };
        for (int i = 0; i < count; i++) {
            room.acquire();
            client.publish(topic, payload, qos, false, null, done);
        }
        room.acquire(Parameters.IN_FLIGHT);
    }

    @Override
    public void close() throws Exception {
        client.disconnect().waitForCompletion();
        client.close();
    }
}
