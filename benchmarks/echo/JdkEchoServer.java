// The echo server as plain JDK code: one virtual thread a connection, blocking channels.
// Usage: java JdkEchoServer.java [PORT]     (0 = any free port; prints "listening PORT")

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

static final int BACKLOG = 4096;
static final int BUFFER_SIZE = 4096;

void main(String[] args) throws IOException {
    int port = args.length > 0 ? Integer.parseInt(args[0]) : 0;
    try (var listener = ServerSocketChannel.open()) {
        listener.setOption(StandardSocketOptions.SO_REUSEADDR, true);
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
        IO.println("listening " + listener.socket().getLocalPort());
        while (true) {
            SocketChannel connection = listener.accept();
            Thread.startVirtualThread(() -> serve(connection));
        }
    }
}

void serve(SocketChannel connection) {
    try (connection) {
        connection.setOption(StandardSocketOptions.TCP_NODELAY, true);
        echo(connection);
    } catch (IOException e) {
        // A peer that resets its connection ends this thread only; a load generator may do so.
        System.err.println("connection lost: " + e.getMessage());
    }
}

void echo(SocketChannel connection) throws IOException {
    var buffer = ByteBuffer.allocateDirect(BUFFER_SIZE);
    while (connection.read(buffer) >= 0) {
        buffer.flip();
        while (buffer.hasRemaining()) {
            connection.write(buffer);
        }
        buffer.clear();
    }
}
