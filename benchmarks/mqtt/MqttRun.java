import dev.volokno.fiber.Fiber;
import dev.volokno.loop.Loop;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** One run of one client, in a process of its own: {@code KIND PORT QOS COUNT}. */
final class MqttRun {
    private static final Duration WARM_UP = Duration.ofSeconds(8);

    private final MqttClient client;
    private final Pause pause;
    private final int qos;
    private final int count;
    private final AtomicInteger received = new AtomicInteger();
    private final byte[] payload = new byte[Parameters.BYTES];

    private MqttRun(MqttClient client, Pause pause, String[] args) {
        this.client = client;
        this.pause = pause;
        qos = Integer.parseInt(args[2]);
        count = Integer.parseInt(args[3]);
    }

    private interface Pause {
        void rest(Duration time) throws Exception;
    }

    public static void main(String[] args) throws Exception {
        int port = Integer.parseInt(args[1]);
        switch (args[0]) {
            case "paho" -> new MqttRun(new PahoClient(), Thread::sleep, args).run(port);
            case "hivemq" -> new MqttRun(new HiveClient(), Thread::sleep, args).run(port);
            case "volokno" ->
                    Loop.run(() -> new MqttRun(new VoloknoClient(), Fiber::sleep, args).run(port));
            default -> throw new IllegalArgumentException("no such client: " + args[0]);
        }
        System.exit(0);
    }

    private void run(int port) throws Exception {
        try (client) {
            client.open(port, "bench", qos, _ -> received.incrementAndGet());
            warmUp();
            long threads = threads();
            Duration cpu = cpu();
            long began = System.nanoTime();
            round();
            double seconds = (System.nanoTime() - began) / 1e9;
            double microseconds = cpu().minus(cpu).toNanos() / 1e3 / count;
            System.out.printf("%.0f %.2f %d%n", count / seconds, microseconds, threads);
        }
    }

    /** The JVM's compilers are at work for some seconds, which is none of the clients' doing. */
    private void warmUp() throws Exception {
        long began = System.nanoTime();
        do {
            round();
        } while (System.nanoTime() - began < WARM_UP.toNanos());
    }

    private void round() throws Exception {
        received.set(0);
        client.publish("bench", payload, qos, count);
        while (received.get() < count) {
            pause.rest(Duration.ofMillis(1));
        }
    }

    private static Duration cpu() {
        return ProcessHandle.current().info().totalCpuDuration().orElseThrow();
    }

    /** Those that a client, or its loop, has made, and the one that runs this. */
    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !thread.isVirtual() && thread.getThreadGroup() != null)
                .filter(thread -> thread.getThreadGroup().getName().equals("main"))
                .count();
    }
}
