package dev.volokno.net;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import javax.net.SocketFactory;

/**
 * Makes sockets of the JDK over {@link UnixSocket}s: whatever host and port a library connects to,
 * it gets the one UNIX socket. As {@link TcpSocketFactory} else; options of TCP do nothing.
 */
public final class UnixSocketFactory extends SocketFactory {
    private final BridgeLoop loop = new BridgeLoop();
    private final UnixAddress remote;

    /** A factory whose sockets all connect to {@code remote}. */
    public UnixSocketFactory(UnixAddress remote) {
        this.remote = remote;
    }

    /** The same by a path, for libraries that take a factory's name and one argument. */
    public UnixSocketFactory(String path) {
        this(UnixAddress.of(Path.of(path)));
    }

    @Override
    public Socket createSocket() throws IOException {
        return new LoopSocket(
                new SocketBridge(
                        (ignored, options) -> loop.call(() -> UnixSocket.connect(remote))));
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        return connected(port);
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort)
            throws IOException {
        return connected(port);
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        return connected(port);
    }

    @Override
    public Socket createSocket(
            InetAddress address, int port, InetAddress localAddress, int localPort)
            throws IOException {
        return connected(port);
    }

    private Socket connected(int port) throws IOException {
        Socket socket = createSocket();
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        return socket;
    }
}
