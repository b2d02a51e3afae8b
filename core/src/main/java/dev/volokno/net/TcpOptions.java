package dev.volokno.net;

import dev.volokno.fd.Fd;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a TCP socket is made: what has to be said before it connects or listens. Immutable; the
 * methods that begin with "with" give a changed copy.
 */
public final class TcpOptions {
    private static final int BACKLOG = 4096;
    private static final TcpOptions DEFAULTS = new TcpOptions(List.of(), null, false, BACKLOG);

    private final List<Setting<?>> settings;
    private final @Nullable InetSocketAddress local;
    private final boolean multipath;
    private final int backlog;

    private record Setting<T>(NetOption<T> option, T value) {
        void apply(Fd fd) throws IOException {
            Sockets.set(fd, option, value);
        }
    }

    private TcpOptions(
            List<Setting<?>> settings,
            @Nullable InetSocketAddress local,
            boolean multipath,
            int backlog) {
        this.settings = settings;
        this.local = local;
        this.multipath = multipath;
        this.backlog = backlog;
    }

    /**
     * Small writes go out at once; a listener's address can be bound again at once after a restart,
     * and an IPv6 wildcard serves IPv4 too.
     */
    public static TcpOptions defaults() {
        return DEFAULTS;
    }

    /** Sets an option before the socket is bound or connected; the last one wins. */
    public <T> TcpOptions with(NetOption<T> option, T value) {
        var more = new ArrayList<>(settings);
        more.add(new Setting<>(option, value));
        return new TcpOptions(List.copyOf(more), local, multipath, backlog);
    }

    /** Connects from {@code address}; port 0 lets the kernel choose one. */
    public TcpOptions withLocal(InetSocketAddress address) {
        return new TcpOptions(settings, address, multipath, backlog);
    }

    /**
     * Uses Multipath TCP where both ends have it (RFC 8684), and plain TCP where not: {@link
     * TcpSocket#isMultipath} tells.
     */
    public TcpOptions withMultipath() {
        return new TcpOptions(settings, local, true, backlog);
    }

    /**
     * How many connections may wait to be accepted; 4096 unless told otherwise, and never more than
     * {@code /proc/sys/net/core/somaxconn}.
     */
    public TcpOptions withBacklog(int connections) {
        if (connections < 0) {
            throw new IllegalArgumentException("not a number of connections: " + connections);
        }
        return new TcpOptions(settings, local, multipath, connections);
    }

    @Nullable InetSocketAddress local() {
        return local;
    }

    boolean multipath() {
        return multipath;
    }

    int backlog() {
        return backlog;
    }

    void apply(Fd fd) throws IOException {
        for (Setting<?> setting : settings) {
            setting.apply(fd);
        }
    }
}
