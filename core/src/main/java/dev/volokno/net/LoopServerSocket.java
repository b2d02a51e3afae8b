package dev.volokno.net;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;

/** A server socket of the JDK whose waits park a fiber. */
final class LoopServerSocket extends ServerSocket {
    private final ServerBridge bridge;

    LoopServerSocket(ServerBridge bridge) {
        super(bridge);
        this.bridge = bridge;
    }

    @Override
    public Socket accept() throws IOException {
        if (!isBound()) {
            throw new SocketException("not bound");
        }
        TcpSocket accepted = bridge.accept(getSoTimeout());
        return LoopSocket.over(accepted, accepted.remoteAddress());
    }
}
