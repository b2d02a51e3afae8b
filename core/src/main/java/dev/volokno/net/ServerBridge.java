package dev.volokno.net;

import dev.volokno.DeadlineException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketImpl;
import java.net.SocketOptions;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What a {@link java.net.ServerSocket} of the JDK talks to. */
final class ServerBridge extends SocketImpl {
    private final BridgeLoop loop;
    private TcpOptions options = TcpOptions.defaults();
    private @Nullable InetSocketAddress local;
    private volatile @Nullable TcpListener listener;
    private volatile int timeoutMillis;

    ServerBridge(BridgeLoop loop) {
        this.loop = loop;
    }

    @Override
    protected void create(boolean isStream) {
        // There is no socket before it is known where it listens.
    }

    @Override
    protected void bind(InetAddress host, int at) {
        local = new InetSocketAddress(host, at);
    }

    @Override
    protected void listen(int backlog) throws IOException {
        InetSocketAddress at = local;
        if (at == null) {
            throw new SocketException("not bound");
        }
        TcpListener bound =
                loop.call(() -> TcpListener.bind(at, options.withBacklog(Math.max(backlog, 1))));
        address = at.getAddress();
        localport = bound.localAddress().getPort();
        listener = bound;
    }

    TcpSocket accept(int millis) throws IOException {
        TcpListener listening = listener;
        if (listening == null) {
            throw new SocketException("not listening");
        }
        try {
            return millis > 0 ? listening.accept(Duration.ofMillis(millis)) : listening.accept();
        } catch (DeadlineException e) {
            var late = new SocketTimeoutException("Accept timed out");
            late.initCause(e);
            throw late;
        } catch (ClosedChannelException e) {
            throw (SocketException) new SocketException("Socket closed").initCause(e);
        }
    }

    @Override
    protected void close() throws IOException {
        TcpListener listening = listener;
        if (listening != null) {
            listening.close();
        }
    }

    @Override
    public void setOption(int option, Object value) throws SocketException {
        switch (option) {
            case SocketOptions.SO_TIMEOUT -> timeoutMillis = (int) value;
            case SocketOptions.SO_REUSEADDR ->
                    options = options.with(NetOption.REUSE_ADDRESS, (Boolean) value);
            case SocketOptions.SO_REUSEPORT ->
                    options = options.with(NetOption.REUSE_PORT, (Boolean) value);
            case SocketOptions.SO_RCVBUF ->
                    options = options.with(NetOption.RECEIVE_BUFFER, (Integer) value);
            default -> throw new SocketException("no such option: " + option);
        }
    }

    @Override
    public Object getOption(int option) throws SocketException {
        return switch (option) {
            case SocketOptions.SO_TIMEOUT -> timeoutMillis;
            case SocketOptions.SO_REUSEADDR -> true;
            default -> throw new SocketException("no such option: " + option);
        };
    }

    @Override
    protected void connect(String host, int to) throws IOException {
        throw notAConnection();
    }

    @Override
    protected void connect(InetAddress host, int to) throws IOException {
        throw notAConnection();
    }

    @Override
    protected void connect(SocketAddress remote, int timeout) throws IOException {
        throw notAConnection();
    }

    @Override
    protected void accept(SocketImpl into) throws IOException {
        throw new SocketException("accepts by itself");
    }

    @Override
    protected InputStream getInputStream() throws IOException {
        throw notAConnection();
    }

    @Override
    protected OutputStream getOutputStream() throws IOException {
        throw notAConnection();
    }

    @Override
    protected int available() {
        return 0;
    }

    @Override
    protected void sendUrgentData(int value) throws IOException {
        throw notAConnection();
    }

    private static SocketException notAConnection() {
        return new SocketException("a listener is no connection");
    }
}
