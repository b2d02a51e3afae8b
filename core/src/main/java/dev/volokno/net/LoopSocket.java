package dev.volokno.net;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;

/** A socket of the JDK whose waits park a fiber. */
final class LoopSocket extends Socket {
    LoopSocket(SocketBridge bridge) throws SocketException {
        super(bridge);
    }

    /** Over a connection that is there. */
    static LoopSocket over(SocketStream stream, InetSocketAddress remote) throws IOException {
        var socket = new LoopSocket(new SocketBridge(stream, remote));
        // Nothing is connected: the bridge is already, and the socket has to know.
        socket.connect(remote);
        return socket;
    }
}
