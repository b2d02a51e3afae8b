package dev.volokno.net;

import dev.volokno.DeadlineException;
import dev.volokno.SystemCallException;
import dev.volokno.fiber.Call;
import dev.volokno.fiber.Deadline;
import dev.volokno.linux.SysIoctl;
import dev.volokno.linux.SysSocket;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketImpl;
import java.net.SocketOption;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What a {@link java.net.Socket} of the JDK talks to, over one of our streams. */
final class SocketBridge extends SocketImpl {
    private final Connector connector;
    private final BridgeOptions options = new BridgeOptions();
    private volatile @Nullable SocketStream stream;
    private volatile boolean closed;

    /** How the connection is made. */
    interface Connector {
        SocketStream connect(InetSocketAddress remote, TcpOptions options) throws IOException;
    }

    SocketBridge(Connector connector) {
        this.connector = connector;
    }

    /** Over a connection that is there. */
    SocketBridge(SocketStream connected, InetSocketAddress remote) throws IOException {
        this((to, options) -> connected);
        begin(connected, remote);
    }

    private void begin(SocketStream connected, InetSocketAddress remote) throws IOException {
        address = remote.getAddress();
        port = remote.getPort();
        localport = connected instanceof TcpSocket tcp ? tcp.localAddress().getPort() : 0;
        options.local(connected instanceof TcpSocket tcp ? tcp.localAddress() : null);
        stream = connected;
        if (closed) {
            // While it was being connected.
            connected.close();
            throw new SocketException("Socket closed");
        }
    }

    private SocketStream stream() throws SocketException {
        SocketStream connected = stream;
        if (connected == null) {
            throw new SocketException("not connected");
        }
        return connected;
    }

    @Override
    protected void create(boolean isStream) {
        if (!isStream) {
            throw new IllegalArgumentException("no datagrams here");
        }
    }

    @Override
    protected void connect(String host, int to) throws IOException {
        connect(new InetSocketAddress(host, to), 0);
    }

    @Override
    protected void connect(InetAddress host, int to) throws IOException {
        connect(new InetSocketAddress(host, to), 0);
    }

    @Override
    protected void connect(SocketAddress remote, int timeoutMillis) throws IOException {
        var to = (InetSocketAddress) remote;
        if (stream == null) {
            begin(limited(timeoutMillis, () -> connector.connect(to, options.beforehand())), to);
            options.apply(stream());
        }
    }

    @Override
    protected void bind(InetAddress host, int from) {
        var local = new InetSocketAddress(host, from);
        options.local(local);
        localport = from;
    }

    @Override
    protected void listen(int backlog) throws IOException {
        throw new SocketException("a connection does not listen");
    }

    @Override
    protected void accept(SocketImpl into) throws IOException {
        throw new SocketException("a connection does not accept");
    }

    /** Runs a call with the JDK's idea of a time limit and of failures. */
    private static <T> T limited(int millis, Call<T, IOException> call) throws IOException {
        try {
            return millis > 0 ? Deadline.within(Duration.ofMillis(millis), call) : call.call();
        } catch (DeadlineException e) {
            var late = new SocketTimeoutException("out of time after " + millis + " ms");
            late.initCause(e);
            throw late;
        } catch (ClosedChannelException e) {
            throw (SocketException) new SocketException("Socket closed").initCause(e);
        } catch (SystemCallException e) {
            String text = e.errno().equals("ECONNRESET") ? "Connection reset" : e.getMessage();
            throw (SocketException) new SocketException(text).initCause(e);
        }
    }

    @Override
    protected InputStream getInputStream() {
        return new Input();
    }

    @Override
    protected OutputStream getOutputStream() {
        return new Output();
    }

    private final class Input extends InputStream {
        @Override
        public int read() throws IOException {
            var one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            ByteBuffer room = ByteBuffer.wrap(target, offset, length);
            return limited(options.timeoutMillis(), () -> stream().read(room));
        }

        @Override
        public int available() throws IOException {
            return SocketBridge.this.available();
        }

        @Override
        public void close() throws IOException {
            SocketBridge.this.close();
        }
    }

    private final class Output extends OutputStream {
        @Override
        public void write(int value) throws IOException {
            write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public void write(byte[] source, int offset, int length) throws IOException {
            ByteBuffer bytes = ByteBuffer.wrap(source, offset, length);
            limited(0, () -> stream().write(bytes));
        }

        @Override
        public void close() throws IOException {
            SocketBridge.this.close();
        }
    }

    @Override
    protected int available() throws IOException {
        var descriptor = stream().fd().descriptor();
        return limited(
                0,
                () -> {
                    try (Arena arena = Arena.ofShared()) {
                        MemorySegment count = arena.allocate(ValueLayout.JAVA_INT);
                        descriptor.call(
                                "ioctl",
                                (errno, number) ->
                                        SysIoctl.ioctl(
                                                errno, number, SysIoctl.FIONREAD, count.address()));
                        return descriptor.buffered() + count.get(ValueLayout.JAVA_INT, 0);
                    }
                });
    }

    @Override
    protected void close() throws IOException {
        closed = true;
        SocketStream connected = stream;
        if (connected != null) {
            connected.close();
        }
    }

    @Override
    protected void shutdownInput() throws IOException {
        limited(0, () -> shutdown(SysSocket.SHUT_RD));
    }

    @Override
    protected void shutdownOutput() throws IOException {
        limited(0, () -> shutdown(SysSocket.SHUT_WR));
    }

    private boolean shutdown(int how) throws IOException {
        Sockets.shutdown(stream().fd(), how);
        return true;
    }

    @Override
    protected boolean supportsUrgentData() {
        return true;
    }

    @Override
    protected void sendUrgentData(int value) throws IOException {
        if (!(stream() instanceof TcpSocket tcp)) {
            throw new SocketException("no urgent data here");
        }
        limited(
                0,
                () -> {
                    tcp.sendUrgent((byte) value);
                    return true;
                });
    }

    @Override
    public void setOption(int option, Object value) throws SocketException {
        options.set(option, value, stream);
    }

    @Override
    public Object getOption(int option) throws SocketException {
        return options.get(option, stream);
    }

    @Override
    protected <T> void setOption(SocketOption<T> option, T value) throws IOException {
        options.set(option, value, stream);
    }

    @Override
    protected <T> T getOption(SocketOption<T> option) throws IOException {
        return options.get(option, stream);
    }
}
