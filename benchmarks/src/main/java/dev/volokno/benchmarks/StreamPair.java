package dev.volokno.benchmarks;

import dev.volokno.fd.ByteStream;
import dev.volokno.fd.Pipe;
import dev.volokno.fiber.Fiber;
import dev.volokno.net.TcpListener;
import dev.volokno.net.TcpSocket;
import dev.volokno.net.UnixSocket;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** What is written to the sink comes out of the source. */
public record StreamPair(ByteStream source, ByteStream sink) implements Closeable {
    /** What connects them. */
    public enum Kind {
        PIPE,
        TCP,
        UNIX
    }

    static StreamPair open(Kind kind) throws Exception {
        return switch (kind) {
            case PIPE -> pipe();
            case TCP -> tcp();
            case UNIX -> unix();
        };
    }

    private static StreamPair pipe() throws IOException {
        Pipe pipe = Pipe.open();
        return new StreamPair(pipe.source(), pipe.sink());
    }

    private static StreamPair tcp() throws Exception {
        var anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (TcpListener listener = TcpListener.bind(anyPort)) {
            Fiber<TcpSocket> accepted = Fiber.start(() -> listener.accept());
            TcpSocket connected = TcpSocket.connect(listener.localAddress());
            return new StreamPair(accepted.join(), connected);
        }
    }

    private static StreamPair unix() throws IOException {
        UnixSocket.Pair pair = UnixSocket.pair();
        return new StreamPair(pair.first(), pair.second());
    }

    @Override
    public void close() throws IOException {
        try (sink) {
            source.close();
        }
    }
}
