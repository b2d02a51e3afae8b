package dev.volokno.net;

import dev.volokno.backend.AcceptOperation;
import dev.volokno.descriptor.Descriptor;
import dev.volokno.descriptor.Kind;
import dev.volokno.fd.Fd;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A listening UNIX stream socket. Closing it removes its file, if that is still the one it made.
 */
public final class UnixListener extends SocketListener<UnixSocket> {
    static final int BACKLOG = 4096;

    /** Read and write for the owner alone. */
    static final int OWNER_ALONE = 0600;

    private final @Nullable UnixPath file;

    private UnixListener(Fd fd, @Nullable UnixPath file) {
        super(fd);
        this.file = file;
    }

    /** Listens at a path that this user alone may connect to. */
    public static UnixListener bind(Path path) throws IOException {
        return bind(UnixAddress.of(path));
    }

    /** Listens at an address; a path is for this user alone. */
    public static UnixListener bind(UnixAddress local) throws IOException {
        return bind(local, OWNER_ALONE);
    }

    /**
     * Listens at an address. A path's file gets the permissions {@code mode}, as chmod(1) takes
     * them in octal, before anybody can connect; who may write to it may connect. A socket of that
     * name to which nobody listens any more is replaced; anything else that is there is left alone.
     *
     * @throws java.net.BindException if the address is taken, or something else is there
     */
    public static UnixListener bind(UnixAddress local, int mode) throws IOException {
        Fd fd = UnixSetup.open(UnixSetup.STREAM, "unix listener " + local);
        return new UnixListener(fd, listen(fd, UnixSetup.STREAM, local, mode));
    }

    /** Binds and listens; on failure {@code fd} is closed and no file left behind. */
    static @Nullable UnixPath listen(Fd fd, SocketType type, UnixAddress local, int mode)
            throws IOException {
        UnixPath made = null;
        try {
            made = UnixPath.bind(fd, type, local);
            if (made != null) {
                made.mode(mode);
            }
            Sockets.listen(fd, BACKLOG);
            return made;
        } catch (IOException | RuntimeException e) {
            fd.close();
            if (made != null) {
                made.remove();
            }
            throw e;
        }
    }

    /**
     * Takes over a listening UNIX stream socket that somebody else opened, for the current loop;
     * its file stays when it is closed. It is made close-on-exec and non-blocking.
     *
     * @throws IllegalArgumentException if it is something else; it stays the caller's then
     * @throws IllegalStateException if the library owns it already
     */
    public static UnixListener adopt(int number) throws IOException {
        UnixSetup.check(number, UnixSetup.STREAM, true);
        return new UnixListener(Fd.adopt(number, Kind.OTHER_SOCKET, "unix listener"), null);
    }

    @Override
    UnixSocket accepted(int number, AcceptOperation operation) {
        var engine = fd().descriptor().engine();
        return new UnixSocket(
                new Fd(Descriptor.opened(engine, number, Kind.SOCKET, "unix connection")));
    }

    /** What it is bound to. */
    public UnixAddress localAddress() throws IOException {
        return Sockets.localAddress(fd(), UnixAddress::decode);
    }

    @Override
    public void close() throws IOException {
        boolean first = fd().isOpen();
        super.close();
        if (first && file != null) {
            file.remove();
        }
    }
}
