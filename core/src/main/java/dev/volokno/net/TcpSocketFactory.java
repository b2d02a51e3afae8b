package dev.volokno.net;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import javax.net.SocketFactory;

/**
 * Makes sockets of the JDK over {@link TcpSocket}s, for libraries that take a factory: their calls
 * park the fiber that makes them, on the loop that it runs on. A plain thread may use them too, if
 * the factory was made inside a loop.
 *
 * <p>{@code SO_TIMEOUT} is a deadline: the socket stays usable after it. A cancelled fiber gets
 * {@link dev.volokno.CancelledException} from its call, and the socket stays open. An {@code
 * SSLSocketFactory} layers its sockets over these.
 */
public final class TcpSocketFactory extends SocketFactory {
    private final BridgeLoop loop = new BridgeLoop();

    /**
     * A factory for the loop that is running here, if any; libraries that take its name call this.
     */
    public TcpSocketFactory() {}

    @Override
    public Socket createSocket() throws IOException {
        return new LoopSocket(
                new SocketBridge(
                        (remote, options) -> loop.call(() -> TcpSocket.connect(remote, options))));
    }

    /** Connects to a name or an address; see {@link TcpSocket#connect(String, int)}. */
    @Override
    public Socket createSocket(String host, int port) throws IOException {
        TcpSocket connected = loop.call(() -> TcpSocket.connect(host, port));
        return LoopSocket.over(connected, connected.remoteAddress());
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort)
            throws IOException {
        return createSocket(InetAddress.getByName(host), port, localHost, localPort);
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        Socket socket = createSocket();
        socket.connect(new InetSocketAddress(host, port));
        return socket;
    }

    @Override
    public Socket createSocket(
            InetAddress address, int port, InetAddress localAddress, int localPort)
            throws IOException {
        Socket socket = createSocket();
        socket.bind(new InetSocketAddress(localAddress, localPort));
        socket.connect(new InetSocketAddress(address, port));
        return socket;
    }
}
