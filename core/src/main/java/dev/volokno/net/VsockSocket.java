package dev.volokno.net;

import dev.volokno.SystemCallException;
import dev.volokno.backend.ConnectOperation;
import dev.volokno.descriptor.Kind;
import dev.volokno.fd.Fd;
import dev.volokno.linux.SysSocket;
import java.io.IOException;

/** A stream between a virtual machine and its host, or within one machine (vsock(7)). */
public final class VsockSocket extends SocketStream {
    static final SocketType TYPE = SocketType.stream(SysSocket.AF_VSOCK);

    VsockSocket(Fd fd) {
        super(fd);
    }

    /**
     * Connects. Parks; on failure nothing stays open. The kernel gives up after two seconds by
     * itself.
     *
     * @throws java.net.ConnectException if nobody listens there
     * @throws java.net.SocketTimeoutException if nobody answers
     * @throws SystemCallException with {@code ENODEV} if this machine has no way there, {@code
     *     EAFNOSUPPORT} if the kernel has no vsock
     */
    public static VsockSocket connect(VsockAddress remote) throws IOException {
        Fd fd = Sockets.open(TYPE, Kind.SOCKET, "vsock " + remote);
        try {
            var handle = fd.descriptor().handle();
            fd.descriptor().performAlone(ConnectOperation.asking(handle, remote.encode()));
            return new VsockSocket(fd);
        } catch (SystemCallException e) {
            fd.close();
            throw e.call().equals("connect") ? TcpSocket.javaException(e) : e;
        } catch (IOException | RuntimeException e) {
            fd.close();
            throw e;
        }
    }

    /**
     * Takes over a connected vsock stream socket that somebody else opened, for the current loop.
     * It is made close-on-exec and non-blocking.
     *
     * @throws IllegalArgumentException if it is something else; it stays the caller's then
     * @throws IllegalStateException if the library owns it already
     */
    public static VsockSocket adopt(int number) throws IOException {
        SocketNature.require(number, TYPE, false, "vsock stream");
        return new VsockSocket(Fd.adopt(number, Kind.SOCKET, "vsock"));
    }

    /** This end's address. */
    public VsockAddress localAddress() throws IOException {
        return Sockets.localAddress(fd(), (address, length) -> VsockAddress.decode(address));
    }

    /** The peer's address. */
    public VsockAddress remoteAddress() throws IOException {
        return Sockets.remoteAddress(fd(), (address, length) -> VsockAddress.decode(address));
    }
}
