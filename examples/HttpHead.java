/**
 * Asks a web server what it has: {@code HttpHead HOST [PORT]}, within three seconds.
 *
 * <p>Whichever of the name's addresses answers first is asked.
 */
import module dev.volokno;

void main(String[] args) throws Exception {
    if (args.length == 0) {
        IO.println("usage: HttpHead HOST [PORT]");
        System.exit(2);
    }
    String host = args[0];
    try {
        int port = args.length > 1 ? Integer.parseInt(args[1]) : 80;
        Loop.run(() -> Deadline.within(Duration.ofSeconds(3), () -> ask(host, port)));
    } catch (IllegalArgumentException | IOException e) {
        System.err.println("HttpHead: " + e.getMessage());
        for (Throwable one : e.getSuppressed()) {
            System.err.println("  " + one.getMessage());
        }
        System.exit(e instanceof IOException ? 1 : 2);
    }
}

void ask(String host, int port) throws IOException {
    try (var socket = TcpSocket.connect(host, port)) {
        IO.println("connected to " + socket.remoteAddress().getAddress().getHostAddress());
        var request = "HEAD / HTTP/1.0\r\nHost: " + host + "\r\n\r\n";
        socket.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
        for (String line : socket.lines(StandardCharsets.ISO_8859_1, 8192)) {
            if (line.isEmpty()) {
                break;
            }
            IO.println(line);
        }
    }
}
