package dev.volokno.net;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.SocketOptions;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The JDK's options of a socket, which may be set before there is one. Those of TCP do nothing on
 * other sockets.
 */
final class BridgeOptions {
    private static final Map<Integer, NetOption<?>> BY_NUMBER =
            Map.of(
                    SocketOptions.TCP_NODELAY, TcpOption.NO_DELAY,
                    SocketOptions.SO_SNDBUF, NetOption.SEND_BUFFER,
                    SocketOptions.SO_RCVBUF, NetOption.RECEIVE_BUFFER,
                    SocketOptions.SO_KEEPALIVE, NetOption.KEEP_ALIVE,
                    SocketOptions.SO_OOBINLINE, NetOption.URGENT_INLINE,
                    SocketOptions.SO_REUSEADDR, NetOption.REUSE_ADDRESS,
                    SocketOptions.SO_REUSEPORT, NetOption.REUSE_PORT,
                    SocketOptions.IP_TOS, IpOption.TRAFFIC_CLASS,
                    SocketOptions.SO_LINGER, NetOption.LINGER);

    private static final Map<String, Integer> NUMBERS =
            Map.of(
                    "TCP_NODELAY", SocketOptions.TCP_NODELAY,
                    "SO_SNDBUF", SocketOptions.SO_SNDBUF,
                    "SO_RCVBUF", SocketOptions.SO_RCVBUF,
                    "SO_KEEPALIVE", SocketOptions.SO_KEEPALIVE,
                    "SO_REUSEADDR", SocketOptions.SO_REUSEADDR,
                    "SO_REUSEPORT", SocketOptions.SO_REUSEPORT,
                    "IP_TOS", SocketOptions.IP_TOS,
                    "SO_LINGER", SocketOptions.SO_LINGER);

    private final Map<Integer, Object> chosen = new LinkedHashMap<>();
    private volatile int timeoutMillis;
    private volatile @Nullable InetSocketAddress local;

    void local(@Nullable InetSocketAddress address) {
        local = address;
    }

    int timeoutMillis() {
        return timeoutMillis;
    }

    /** What has to be said before it connects. */
    TcpOptions beforehand() {
        InetSocketAddress from = local;
        return from == null ? TcpOptions.defaults() : TcpOptions.defaults().withLocal(from);
    }

    /** Sets what was chosen before it was connected. */
    synchronized void apply(SocketStream stream) throws IOException {
        for (var choice : chosen.entrySet()) {
            apply(choice.getKey(), choice.getValue(), stream);
        }
    }

    synchronized void set(int option, Object value, @Nullable SocketStream stream)
            throws SocketException {
        if (option == SocketOptions.SO_TIMEOUT) {
            timeoutMillis = (int) value;
            return;
        }
        chosen.put(option, value);
        try {
            if (stream != null) {
                apply(option, value, stream);
            }
        } catch (IOException e) {
            throw (SocketException) new SocketException(e.getMessage()).initCause(e);
        }
    }

    @SuppressWarnings("unchecked") // the JDK has checked the value's type
    private static void apply(int option, Object value, SocketStream stream) throws IOException {
        NetOption<?> ours = BY_NUMBER.get(option);
        if (ours == null) {
            throw new SocketException("no such option: " + option);
        }
        if (stream instanceof TcpSocket || isOfAnySocket(ours)) {
            stream.set((NetOption<Object>) ours, ours == NetOption.LINGER ? linger(value) : value);
        }
    }

    private static boolean isOfAnySocket(NetOption<?> option) {
        return option == NetOption.SEND_BUFFER || option == NetOption.RECEIVE_BUFFER;
    }

    private static Duration linger(Object value) {
        return Duration.ofSeconds(value instanceof Integer seconds ? seconds : -1);
    }

    synchronized Object get(int option, @Nullable SocketStream stream) throws SocketException {
        if (option == SocketOptions.SO_TIMEOUT) {
            return timeoutMillis;
        }
        if (option == SocketOptions.SO_BINDADDR) {
            InetSocketAddress from = local;
            return from == null ? InetAddress.getLoopbackAddress() : from.getAddress();
        }
        NetOption<?> ours = BY_NUMBER.get(option);
        if (ours == null) {
            throw new SocketException("no such option: " + option);
        }
        try {
            boolean here = stream instanceof TcpSocket || isOfAnySocket(ours);
            Object value = stream == null || !here ? unset(option, ours) : stream.get(ours);
            return value instanceof Duration linger ? lingerOfJdk(linger) : value;
        } catch (IOException e) {
            throw (SocketException) new SocketException(e.getMessage()).initCause(e);
        }
    }

    private Object unset(int option, NetOption<?> ours) {
        Object known = chosen.get(option);
        if (known != null) {
            return known;
        }
        return ours.type() == Boolean.class ? false : ours.type() == Integer.class ? 0 : -1;
    }

    private static Object lingerOfJdk(Duration linger) {
        return linger.isNegative() ? -1 : (int) linger.toSeconds();
    }

    <T> void set(SocketOption<T> option, T value, @Nullable SocketStream stream)
            throws IOException {
        set(number(option), value, stream);
    }

    @SuppressWarnings("unchecked") // the types are those of the JDK's option of this name
    <T> T get(SocketOption<T> option, @Nullable SocketStream stream) throws IOException {
        return (T) get(number(option), stream);
    }

    private static int number(SocketOption<?> option) {
        Integer number = NUMBERS.get(option.name());
        if (number == null) {
            throw new UnsupportedOperationException("no such option: " + option);
        }
        return number;
    }
}
