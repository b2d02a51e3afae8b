package dev.volokno.net;

import dev.volokno.backend.AcceptOperation;
import dev.volokno.descriptor.Descriptor;
import dev.volokno.descriptor.Kind;
import dev.volokno.fd.Fd;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Listens for {@link UnixPacketSocket}s; as {@link UnixListener} else. */
public final class UnixPacketListener extends SocketListener<UnixPacketSocket> {
    private final @Nullable UnixPath file;

    private UnixPacketListener(Fd fd, @Nullable UnixPath file) {
        super(fd);
        this.file = file;
    }

    /** Listens at an address; a path is for this user alone. */
    public static UnixPacketListener bind(UnixAddress local) throws IOException {
        return bind(local, UnixListener.OWNER_ALONE);
    }

    /** Listens at an address; see {@link UnixListener#bind(UnixAddress, int)}. */
    public static UnixPacketListener bind(UnixAddress local, int mode) throws IOException {
        Fd fd = UnixSetup.open(UnixSetup.PACKET, "unix packet listener " + local);
        return new UnixPacketListener(fd, UnixListener.listen(fd, UnixSetup.PACKET, local, mode));
    }

    @Override
    UnixPacketSocket accepted(int number, AcceptOperation operation) {
        var engine = fd().descriptor().engine();
        return new UnixPacketSocket(
                new Fd(Descriptor.opened(engine, number, Kind.OTHER_SOCKET, "unix packets")));
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
