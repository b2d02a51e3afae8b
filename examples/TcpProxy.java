/**
 * Hands every connection on: {@code TcpProxy PORT HOST PORT}, both directions at once.
 *
 * <p>Port 0 lets the kernel choose; the line "listening PORT" tells which it is.
 */
import module dev.volokno;

void main(String[] args) throws Exception {
    try {
        run(args);
    } catch (IllegalArgumentException | IOException e) {
        System.err.println("TcpProxy: " + e.getMessage());
        System.exit(e instanceof IOException ? 1 : 2);
    }
}

void run(String[] args) throws Exception {
    if (args.length != 3) {
        IO.println("usage: TcpProxy PORT HOST PORT");
        System.exit(2);
    }
    int port = Integer.parseInt(args[0]);
    int target = Integer.parseInt(args[2]);
    Loop.run(() -> {
        try (var listener = TcpListener.bind(new InetSocketAddress(port))) {
            IO.println("listening " + listener.localAddress().getPort());
            var options =
                    ServeOptions.defaults()
                            .withFailureHandler(e -> System.err.println("TcpProxy: " + e));
            listener.serve(options, client -> proxy(client, args[1], target));
        }
    });
}

void proxy(TcpSocket client, String host, int port) throws Exception {
    try (var server = TcpSocket.connect(host, port)) {
        Scope.run(scope -> {
            Fiber.start(() -> copy(client, server));
            copy(server, client);
            return true;
        });
    }
}

/** Each direction ends by itself: whoever has said all may still listen. */
void copy(TcpSocket from, TcpSocket to) throws IOException {
    from.transferTo(to);
    to.shutdownOutput();
}
