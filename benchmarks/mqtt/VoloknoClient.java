import dev.volokno.fiber.Fiber;
import dev.volokno.loop.Loop;
import dev.volokno.mosquitto.Message;
import dev.volokno.mosquitto.Mosquitto;
import dev.volokno.mosquitto.Qos;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Ours, in the loop that runs the benchmark: a fiber for each message under way. */
final class VoloknoClient implements MqttClient {
    private Mosquitto client;

    @Override
    public void open(int port, String topic, int qos, Consumer<Integer> received) throws Exception {
        client = Mosquitto.broker("127.0.0.1", port).inFlight(Parameters.IN_FLIGHT).connect();
        var messages = client.subscribe(topic, Qos.values()[qos]);
        Loop.current()
                .daemon(() -> {
                    for (Message message : messages) {
                        received.accept(message.payload().length);
                    }
                });
    }

    @Override
    public void publish(String topic, byte[] payload, int qos, int count) throws Exception {
        Message message = Message.of(topic, payload).with(Qos.values()[qos]);
        List<Fiber<Void>> publishers = new ArrayList<>();
        int[] left = {count};
        for (int i = 0; i < Parameters.IN_FLIGHT; i++) {
            publishers.add(Fiber.start(() -> {
                while (left[0]-- > 0) {
                    client.publish(message);
                }
            }));
        }
        for (var publisher : publishers) {
            publisher.join();
        }
    }

    @Override
    public void close() throws Exception {
        client.close();
    }
}
