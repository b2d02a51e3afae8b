package dev.volokno.net;

import dev.volokno.SystemCallException;
import dev.volokno.backend.AcceptOperation;
import dev.volokno.descriptor.Descriptor;
import dev.volokno.descriptor.Kind;
import dev.volokno.fd.Fd;
import java.io.IOException;

/** A listening vsock stream socket (vsock(7)). */
public final class VsockListener extends SocketListener<VsockSocket> {
    private static final int BACKLOG = 4096;

    private VsockListener(Fd fd) {
        super(fd);
    }

    /**
     * Listens, usually on {@link VsockAddress#here}.
     *
     * @throws java.net.BindException if the port is taken, or the machine's number is not ours
     * @throws SystemCallException with {@code EAFNOSUPPORT} if the kernel has no vsock
     */
    public static VsockListener bind(VsockAddress local) throws IOException {
        Fd fd = Sockets.open(VsockSocket.TYPE, Kind.OTHER_SOCKET, "vsock listener " + local);
        try {
            Sockets.bind(fd, local.encode());
            Sockets.listen(fd, BACKLOG);
            return new VsockListener(fd);
        } catch (IOException | RuntimeException e) {
            fd.close();
            throw e;
        }
    }

    /**
     * Takes over a listening vsock stream socket that somebody else opened, such as a service
     * manager, for the current loop. It is made close-on-exec and non-blocking.
     *
     * @throws IllegalArgumentException if it is something else; it stays the caller's then
     * @throws IllegalStateException if the library owns it already
     */
    public static VsockListener adopt(int number) throws IOException {
        SocketNature.require(number, VsockSocket.TYPE, true, "listening vsock stream");
        return new VsockListener(Fd.adopt(number, Kind.OTHER_SOCKET, "vsock listener"));
    }

    @Override
    VsockSocket accepted(int number, AcceptOperation operation) {
        var name = new PeerName("vsock", VsockAddress.decode(operation.name()));
        var engine = fd().descriptor().engine();
        return new VsockSocket(new Fd(Descriptor.opened(engine, number, Kind.SOCKET, name)));
    }

    /** The address it listens on, with the port that was chosen. */
    public VsockAddress localAddress() throws IOException {
        return Sockets.localAddress(fd(), (address, length) -> VsockAddress.decode(address));
    }
}
