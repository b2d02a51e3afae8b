package dev.volokno.net;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import javax.net.ServerSocketFactory;

/**
 * Makes server sockets of the JDK over {@link TcpListener}s; what they accept is as {@link
 * TcpSocketFactory} makes it.
 */
public final class TcpServerSocketFactory extends ServerSocketFactory {
    private static final int BACKLOG = 50;

    private final BridgeLoop loop = new BridgeLoop();

    /** A factory for the loop that is running here, if any. */
    public TcpServerSocketFactory() {}

    @Override
    public ServerSocket createServerSocket() throws IOException {
        return new LoopServerSocket(new ServerBridge(loop));
    }

    @Override
    public ServerSocket createServerSocket(int port) throws IOException {
        return createServerSocket(port, BACKLOG);
    }

    @Override
    public ServerSocket createServerSocket(int port, int backlog) throws IOException {
        ServerSocket socket = createServerSocket();
        socket.bind(new InetSocketAddress(port), backlog);
        return socket;
    }

    @Override
    public ServerSocket createServerSocket(int port, int backlog, InetAddress local)
            throws IOException {
        ServerSocket socket = createServerSocket();
        socket.bind(new InetSocketAddress(local, port), backlog);
        return socket;
    }
}
