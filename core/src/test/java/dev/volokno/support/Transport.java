package dev.volokno.support;

import dev.volokno.fd.ByteStream;
import dev.volokno.fd.Pipe;
import dev.volokno.fiber.Fiber;
import dev.volokno.net.TcpListener;
import dev.volokno.net.TcpSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** What brings bytes from one end to the other. */
public enum Transport {
    PIPE,
    TCP;

    /** What is written to the sink comes out of the source. */
    public record Ends(ByteStream source, ByteStream sink) {}

    /** Opens both ends, on the current loop. */
    public Ends open() throws Exception {
        return switch (this) {
            case PIPE -> pipe();
            case TCP -> tcp();
        };
    }

    private static Ends pipe() throws IOException {
        Pipe pipe = Pipe.open();
        return new Ends(pipe.source(), pipe.sink());
    }

    private static Ends tcp() throws Exception {
        var anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (TcpListener listener = TcpListener.bind(anyPort)) {
            Fiber<TcpSocket> accepted = Fiber.start(() -> listener.accept());
            TcpSocket connected = TcpSocket.connect(listener.localAddress());
            return new Ends(accepted.join(), connected);
        }
    }
}
