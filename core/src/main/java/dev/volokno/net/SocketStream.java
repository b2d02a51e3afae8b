package dev.volokno.net;

import dev.volokno.SystemCallException;
import dev.volokno.fd.ByteStream;
import dev.volokno.fd.Fd;
import dev.volokno.linux.SysSocket;
import java.io.IOException;

/** A connected stream socket, whose directions end one by one. */
public abstract sealed class SocketStream extends ByteStream
        permits TcpSocket, UnixSocket, VsockSocket {
    SocketStream(Fd fd) {
        super(fd);
    }

    /**
     * Ends the output: the peer reads the end of the stream, and may go on writing (shutdown(2)).
     */
    public final void shutdownOutput() throws IOException {
        Sockets.shutdown(fd(), SysSocket.SHUT_WR);
    }

    /** Ends the input: reading finds the end of the stream. */
    public final void shutdownInput() throws IOException {
        Sockets.shutdown(fd(), SysSocket.SHUT_RD);
    }

    /**
     * Waits until the peer has ended its output or is gone, without reading: what it has sent
     * before can still be read. Parks; {@code fd().peerClosed()} is the same as an event for {@link
     * dev.volokno.fiber.Select}.
     */
    public final void awaitPeerClosed() throws IOException {
        fd().awaitPeerClosed();
    }

    /**
     * Sets an option of {@link NetOption}, {@link IpOption} or {@link TcpOption}.
     *
     * @throws SystemCallException if the kernel does not have it or refuses the value
     */
    public final <T> void set(NetOption<T> option, T value) throws IOException {
        Sockets.set(fd(), option, value);
    }

    /** The value of an option, as the kernel has it. */
    public final <T> T get(NetOption<T> option) throws IOException {
        return Sockets.get(fd(), option);
    }
}
