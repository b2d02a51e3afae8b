/**
 * Sends back what it gets: {@code EchoServer PORT}, one fiber per connection.
 *
 * <p>Port 0 lets the kernel choose; the line "listening PORT" tells which it is.
 */
import module dev.volokno;

void main(String[] args) throws Exception {
    if (args.length != 1) {
        IO.println("usage: EchoServer PORT");
        System.exit(2);
    }
    try {
        int port = Integer.parseInt(args[0]);
        Loop.run(() -> serve(port));
    } catch (IllegalArgumentException | IOException e) {
        System.err.println("EchoServer: " + e.getMessage());
        System.exit(e instanceof IOException ? 1 : 2);
    }
}

void serve(int port) throws IOException {
    try (var listener = TcpListener.bind(new InetSocketAddress(port))) {
        IO.println("listening " + listener.localAddress().getPort());
        while (true) {
            var socket = listener.accept();
            Fiber.start(() -> echo(socket));
        }
    }
}

void echo(TcpSocket socket) {
    try (socket) {
        var buffer = ByteBuffer.allocateDirect(4096);
        while (socket.read(buffer) >= 0) {
            socket.write(buffer.flip());
            buffer.clear();
        }
    } catch (IOException e) {
        System.err.println(socket + ": " + e.getMessage());
    }
}
