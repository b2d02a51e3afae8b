/**
 * Turns what a GPS says on one serial port into JSON on another, and listens to UDP beside it.
 *
 * <p>{@code Demo [--in PORT --out PORT] [--baud 9600] [--udp PORT] [--for 5s] [--backend epoll]
 * [--json] [--mqtt HOST[:PORT]/TOPIC]}: without ports it makes its own, with a simulated GPS. A
 * port that vanishes is opened again when it is back. {@code --json} prints the figures as JSON,
 * for programs to read. {@code --mqtt} publishes each line too; without a broker 100 lines are
 * held, and the rest is dropped.
 */
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import module dev.volokno;
import module dev.volokno.mosquitto;

import dev.volokno.fiber.Channel;

String in;
String out;
int baud = 9600;
int udp;
Duration time;
boolean json;
String broker = "";
LoopOptions loopOptions = LoopOptions.defaults();

ByteStream screen;

/** What the simulated display shows. */
String latest = "";

final Figures figures = new Figures();
final Channel<String> toPublish = Channel.bounded(100);
final Semaphore totalsPrinted = new Semaphore(0);

void main(String[] args) {
    if (!understood(List.of(args).iterator())) {
        System.exit(2);
    }
    int status = 0;
    try {
        Loop.run(loopOptions, this::run);
    } catch (Exception e) {
        System.err.println("Demo: " + e.getMessage());
        status = 1;
    }
    IO.println(json ? figures.json() : "total: " + figures);
    totalsPrinted.release();
    System.exit(status);
}

Duration period(String words) {
    try {
        return Duration.parse("PT" + words);
    } catch (DateTimeParseException e) {
        throw new IllegalArgumentException("--for wants a time such as 5s or 2m, not " + words);
    }
}

String brokerAndTopic(String words) {
    if (!PUBLISHED.matcher(words).matches()) {
        throw new IllegalArgumentException("--mqtt wants host[:port]/topic, not " + words);
    }
    return words;
}

boolean understood(Iterator<String> words) {
    try {
        while (words.hasNext()) {
            var word = words.next();
            switch (word) {
                case "--in" -> in = words.next();
                case "--out" -> out = words.next();
                case "--baud" -> baud = Integer.parseInt(words.next());
                case "--udp" -> udp = Integer.parseInt(words.next());
                case "--for" -> time = period(words.next());
                case "--backend" -> loopOptions = loopOptions.withBackend(words.next());
                case "--json" -> json = true;
                case "--mqtt" -> broker = brokerAndTopic(words.next());
                default -> throw new IllegalArgumentException("cannot understand " + word);
            }
        }
        if ((in == null) != (out == null)) {
            throw new IllegalArgumentException("--in and --out go together");
        }
        return true;
    } catch (RuntimeException e) {
        System.err.println("Demo: " + e.getMessage());
        return false;
    }
}

/** The first fiber: starts all others. */
void run() throws IOException {
    stopOnSignal(Loop.current());
    screen = StandardStreams.out();
    if (in == null) {
        simulate();
    }
    Fiber.start(this::convert);
    Fiber.start(this::listen);
    Fiber.start(this::report);
    Fiber.start(this::measureLatency);
    if (!broker.isEmpty()) {
        Fiber.start(this::publish);
    }
    if (time != null) {
        Fiber.sleep(time);
        Loop.current().stop(Duration.ofSeconds(2));
    }
}

/** SIGINT and SIGTERM cancel all fibers; their ports are closed on the way, and so restored. */
void stopOnSignal(Loop loop) {
    Runnable stop =
            () -> {
                loop.stop(Duration.ofSeconds(2));
                totalsPrinted.acquireUninterruptibly();
            };
    Runtime.getRuntime().addShutdownHook(new Thread(stop));
}

/** Parks while the terminal takes nothing, where System.out would hold the loop. */
void say(String text) throws IOException {
    screen.write(UTF_8.encode((json ? "{\"event\":" + quoted(text) + "}" : text) + "\n"));
}

// ---- fiber one: sentences in, JSON out

void convert() throws IOException {
    try (var source = link(in);
            var target = link(out)) {
        source.open();
        target.open();
        var buffer = ByteBuffer.allocateDirect(1024);
        while (true) {
            source.call(port -> readSentence(port, buffer.clear()));
            figures.bytes += buffer.flip().remaining();
            var sentence = toJson(ISO_8859_1.decode(buffer).toString().strip());
            if (sentence.isEmpty()) {
                figures.bad++;
                continue;
            }
            figures.sentences++;
            // If the port vanishes half-way, the whole line is written again to the next one.
            var line = UTF_8.encode(sentence.get() + "\n");
            target.call(port -> port.write(line.duplicate()));
            if (!broker.isEmpty() && !toPublish.trySend(sentence.get())) {
                figures.dropped++;
            }
        }
    }
}

int readSentence(SerialPort port, ByteBuffer target) throws IOException {
    try {
        return port.readUntil(target, '\n');
    } catch (LineTooLongException noise) {
        return port.read(target);
    }
}

final Pattern SENTENCE = Pattern.compile("[$!]([ -)+-~]+)\\*([0-9A-Fa-f]{2})");

/** "$GPGLL,a,b*53" as JSON, if its checksum is right. */
Optional<String> toJson(String sentence) {
    var parts = SENTENCE.matcher(sentence);
    if (!parts.matches() || checksum(parts.group(1)) != Integer.parseInt(parts.group(2), 16)) {
        return Optional.empty();
    }
    var fields = Stream.of(parts.group(1).split(",", -1)).map(this::quoted).toList();
    var rest = String.join(",", fields.subList(1, fields.size()));
    return Optional.of("{\"type\":" + fields.getFirst() + ",\"fields\":[" + rest + "]}");
}

int checksum(String body) {
    return body.chars().reduce(0, (sum, character) -> sum ^ character);
}

String quoted(String field) {
    return '"' + field.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
}

/** A port that may vanish, and is opened again when it is back. */
SerialLink link(String path) {
    return SerialLink.to(path, SerialSettings.of(baud))
            .telling(change ->
                    say(
                            switch (change) {
                                case AWAITED -> "waiting for " + path;
                                case OPEN -> path + " is open";
                                case VANISHED -> path + " has vanished";
                                case BACK -> path + " is back";
                            }));
}

// ---- with --mqtt: lines to a broker, which may be away

void publish() throws IOException {
    var parts = PUBLISHED.matcher(broker);
    parts.matches();
    int port = parts.group(2) == null ? 1883 : Integer.parseInt(parts.group(2));
    try (var mqtt = Mosquitto.broker(parts.group(1), port).start()) {
        Fiber.start(() -> tellOf(mqtt));
        for (var line : toPublish) {
            mqtt.publish(Message.of(parts.group(3), line).with(Qos.AT_LEAST_ONCE));
            figures.published++;
        }
    }
}

/** Host, port if any, topic. */
static final Pattern PUBLISHED = Pattern.compile("([^/:]+)(?::(\\d{1,5}))?/(.+)");

void tellOf(Mosquitto mqtt) throws IOException {
    String before = "";
    while (true) {
        var failure = mqtt.lastFailure().map(Throwable::getMessage).orElse("not there yet");
        var now = mqtt.isConnected() ? "connected" : failure;
        if (!now.equals(before)) {
            say("mqtt: " + now);
        }
        before = now;
        Fiber.sleep(Duration.ofMillis(500));
    }
}

// ---- fiber two: datagrams, or a heartbeat

void listen() throws IOException {
    try (var socket = UdpSocket.bind(new InetSocketAddress(udp))) {
        say("udp port " + socket.localAddress().getPort() + " is open");
        var buffer = ByteBuffer.allocateDirect(2048);
        while (true) {
            try {
                var datagram = socket.receive(buffer.clear(), Duration.ofSeconds(1));
                say(datagram.length() + " bytes from " + datagram.sender());
            } catch (DeadlineException idle) {
                say("heartbeat: no datagram for a second");
            }
        }
    }
}

// ---- fiber three: figures, once a second

void report() throws IOException {
    for (int row = 0; ; row++) {
        if (row % 20 == 0 && !json) {
            say(Figures.HEAD);
        }
        Fiber.sleep(Duration.ofSeconds(1));
        figures.switches = Loop.current().stats().switches();
        screen.write(UTF_8.encode((json ? figures.json() : figures.row()) + "\n"));
        figures.latency = 0;
        if (!latest.isEmpty()) {
            say(latest);
        }
    }
}

/** How late a fiber runs that is due. */
void measureLatency() {
    var pause = Duration.ofMillis(20);
    while (true) {
        long due = System.nanoTime() + pause.toNanos();
        Fiber.sleep(pause);
        figures.latency = Math.max(figures.latency, (System.nanoTime() - due) / 1000);
    }
}

static class Figures {
    static final String HEAD = " sentences     bad       bytes    switches   latency";
    long sentences, bad, bytes, switches, latency, published, dropped;

    String row() {
        return "%10d %7d %11d %11d %6d us".formatted(sentences, bad, bytes, switches, latency);
    }

    String json() {
        return ("{\"sentences\":%d,\"bad\":%d,\"bytes\":%d,\"switches\":%d,\"latency\":%d,"
                        + "\"published\":%d,\"dropped\":%d}")
                .formatted(sentences, bad, bytes, switches, latency, published, dropped);
    }

    @Override
    public String toString() {
        var mqtt = published + dropped == 0 ? "" : ", %d published, %d dropped";
        return sentences
                + " sentences, "
                + bad
                + " bad, "
                + bytes
                + " bytes"
                + mqtt.formatted(published, dropped);
    }
}

// ---- without hardware: two pseudo-terminals, with a GPS on one

void simulate() throws IOException {
    var gps = Pty.open();
    var display = Pty.open();
    gps.makeRaw();
    display.makeRaw();
    in = gps.path().toString();
    out = display.path().toString();
    var cable = gps.openSlave(); // so that the GPS may talk before the port is open
    Fiber.start(() -> {
        try (cable) {
            talk(gps);
        }
    });
    Fiber.start(() -> {
        for (var line : display.lines(UTF_8, 4096)) {
            latest = line;
        }
    });
}

/** Ten sentences a second, one in fifty with a wrong checksum. */
void talk(Pty gps) throws IOException {
    for (int i = 0; ; i++) {
        var time = LocalTime.now(ZoneOffset.UTC);
        var body = "GPGGA,%tH%<tM%<tS.%<tL,5958.%04d,N,03018.0000,E,1,08,0.9,12.3,M,,M,,";
        var text = body.formatted(time, i % 10_000);
        int sum = checksum(text) ^ (i % 50 == 49 ? 1 : 0);
        gps.write(US_ASCII.encode("$%s*%02X\r\n".formatted(text, sum)));
        Fiber.sleep(Duration.ofMillis(100));
    }
}
