package dev.volokno.net;

import dev.volokno.SystemCallException;
import dev.volokno.support.Bytes;
import dev.volokno.support.Configuration;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** Two ends of a TCP connection, in a loop. */
final class TcpPair {
    private TcpPair() {}

    /** What to do with the ends. */
    interface Body {
        void run(TcpSocket client, TcpSocket server) throws Exception;
    }

    static InetSocketAddress anyPort() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    static void run(Configuration configuration, Body body) throws Exception {
        run(configuration, TcpOptions.defaults(), body);
    }

    /** With {@code options} at both ends. */
    static void run(Configuration configuration, TcpOptions options, Body body) throws Exception {
        configuration.run(() -> {
            try (var listener = TcpListener.bind(anyPort(), options);
                    var client = TcpSocket.connect(listener.localAddress(), options);
                    var server = listener.accept()) {
                body.run(client, server);
            }
        });
    }

    /** What reading finds: bytes, the end, or an errno. */
    static String outcome(TcpSocket socket) throws IOException {
        try {
            return Bytes.read(socket);
        } catch (SystemCallException e) {
            return e.errno();
        }
    }
}
