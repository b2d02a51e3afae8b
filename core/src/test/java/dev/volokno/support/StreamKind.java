package dev.volokno.support;

import dev.volokno.fd.ByteStream;
import dev.volokno.fd.Fd;
import dev.volokno.fd.Pipe;
import dev.volokno.net.TcpListener;
import dev.volokno.net.TcpSocket;
import dev.volokno.net.UnixAddress;
import dev.volokno.net.UnixListener;
import dev.volokno.net.UnixSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** The kinds of byte streams, all of which keep the same promises. */
public enum StreamKind {
    PIPE(false) {
        @Override
        public StreamPair open() throws IOException {
            Pipe pipe = Pipe.open();
            return new StreamPair(pipe.source(), pipe.sink());
        }
    },
    /** One page: nearly every transfer of the tests is a short one. */
    NARROW_PIPE(false) {
        @Override
        public StreamPair open() throws IOException {
            Pipe pipe = Pipe.open();
            pipe.sink().fd().use(number -> TestLibc.fcntl(number, F_SETPIPE_SZ, 1));
            return new StreamPair(pipe.source(), pipe.sink());
        }
    },
    TCP(true) {
        @Override
        public StreamPair open() throws IOException {
            var loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
            try (TcpListener listener = TcpListener.bind(loopback)) {
                TcpSocket sink = TcpSocket.connect(listener.localAddress());
                try {
                    TcpSocket source = listener.accept();
                    sink.fd().use(TestLibc::smallBuffers);
                    source.fd().use(TestLibc::smallBuffers);
                    return new StreamPair(source, sink);
                } catch (IOException | RuntimeException e) {
                    sink.close();
                    throw e;
                }
            }
        }
    },
    UNIX(true) {
        @Override
        public StreamPair open() throws IOException {
            try (UnixListener listener = UnixListener.bind(UnixAddress.unnamed())) {
                UnixSocket sink = UnixSocket.connect(listener.localAddress());
                try {
                    return new StreamPair(listener.accept(), sink);
                } catch (IOException | RuntimeException e) {
                    sink.close();
                    throw e;
                }
            }
        }
    },
    ADOPTED_UNIX(true) {
        @Override
        public StreamPair open() throws IOException {
            int[] numbers = TestLibc.socketpair();
            return new StreamPair(
                    ByteStream.over(Fd.adopt(numbers[0])), ByteStream.over(Fd.adopt(numbers[1])));
        }
    };

    private static final int F_SETPIPE_SZ = 1031;

    private final boolean duplex;

    StreamKind(boolean duplex) {
        this.duplex = duplex;
    }

    /** Opens a pair on the current loop. */
    public abstract StreamPair open() throws IOException;

    /** Whether both ends read and write. */
    public boolean duplex() {
        return duplex;
    }
}
