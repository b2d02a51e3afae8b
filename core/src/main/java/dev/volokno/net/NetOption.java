package dev.volokno.net;

import dev.volokno.linux.SysSocket;
import java.net.SocketOption;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * An option of a socket, with the type of its value; set and read by a socket's {@code set} and
 * {@code get}. Here are those that every kind of socket has (socket(7)); others are in {@link
 * IpOption} and {@link TcpOption}.
 */
public final class NetOption<T> implements SocketOption<T> {
    /** Bytes of the send buffer; the kernel doubles what is asked for, up to its limit. */
    public static final NetOption<Integer> SEND_BUFFER =
            ofSocket("SO_SNDBUF", Integer.class, OptionForm.integer(), SysSocket.SO_SNDBUF);

    /** Bytes of the receive buffer; the kernel doubles what is asked for, up to its limit. */
    public static final NetOption<Integer> RECEIVE_BUFFER =
            ofSocket("SO_RCVBUF", Integer.class, OptionForm.integer(), SysSocket.SO_RCVBUF);

    /** Whether an address can be bound that connections of former sockets still use. */
    public static final NetOption<Boolean> REUSE_ADDRESS =
            ofSocket("SO_REUSEADDR", Boolean.class, OptionForm.bool(), SysSocket.SO_REUSEADDR);

    /** Whether several sockets of one user can be bound to one address. */
    public static final NetOption<Boolean> REUSE_PORT =
            ofSocket("SO_REUSEPORT", Boolean.class, OptionForm.bool(), SysSocket.SO_REUSEPORT);

    /** Whether datagrams to broadcast addresses may be sent. */
    public static final NetOption<Boolean> BROADCAST =
            ofSocket("SO_BROADCAST", Boolean.class, OptionForm.bool(), SysSocket.SO_BROADCAST);

    /** Whether an idle connection is probed; how, {@link TcpOption} tells. */
    public static final NetOption<Boolean> KEEP_ALIVE =
            ofSocket("SO_KEEPALIVE", Boolean.class, OptionForm.bool(), SysSocket.SO_KEEPALIVE);

    /** Whether urgent data comes among the other bytes. */
    public static final NetOption<Boolean> URGENT_INLINE =
            ofSocket("SO_OOBINLINE", Boolean.class, OptionForm.bool(), SysSocket.SO_OOBINLINE);

    /**
     * What closing does with output that the peer has not acknowledged: a negative time sends it in
     * the background, which is the default; zero drops it and resets the connection; more seconds
     * make close(2) wait for it, and with it the loop: use {@code shutdownOutput} instead.
     */
    public static final NetOption<Duration> LINGER =
            ofSocket("SO_LINGER", Duration.class, OptionForm.linger(), SysSocket.SO_LINGER);

    /** The priority of what is sent, for the queues of the network devices. */
    public static final NetOption<Integer> PRIORITY =
            ofSocket("SO_PRIORITY", Integer.class, OptionForm.integer(), SysSocket.SO_PRIORITY);

    /** The mark of what is sent, for routing and filters; needs {@code CAP_NET_ADMIN}. */
    public static final NetOption<Integer> MARK =
            ofSocket("SO_MARK", Integer.class, OptionForm.integer(), SysSocket.SO_MARK);

    /** The name of the one network device to use; empty for any. */
    public static final NetOption<String> DEVICE =
            ofSocket("SO_BINDTODEVICE", String.class, OptionForm.text(), SysSocket.SO_BINDTODEVICE);

    /** Whether the kernel notes when it received a datagram: {@link UdpSocket.Arrival#time}. */
    public static final NetOption<Boolean> TIMESTAMPS =
            ofSocket("SO_TIMESTAMPNS", Boolean.class, OptionForm.bool(), SysSocket.SO_TIMESTAMPNS);

    /** Whether messages of a UNIX socket tell which process sent them. */
    public static final NetOption<Boolean> PASS_CREDENTIALS =
            ofSocket("SO_PASSCRED", Boolean.class, OptionForm.bool(), SysSocket.SO_PASSCRED);

    private final String name;
    private final Class<T> type;
    private final OptionForm<T> form;
    private final SysSocket.SocketOption place;
    private final SysSocket.@Nullable SocketOption placeOfV6;

    private NetOption(
            String name,
            Class<T> type,
            OptionForm<T> form,
            SysSocket.SocketOption place,
            SysSocket.@Nullable SocketOption placeOfV6) {
        this.name = name;
        this.type = type;
        this.form = form;
        this.place = place;
        this.placeOfV6 = placeOfV6;
    }

    private static <T> NetOption<T> ofSocket(
            String name, Class<T> type, OptionForm<T> form, int number) {
        return new NetOption<>(name, type, form, place(SysSocket.SOL_SOCKET, number), null);
    }

    static NetOption<Boolean> bool(String name, int level, int number) {
        return new NetOption<>(name, Boolean.class, OptionForm.bool(), place(level, number), null);
    }

    static NetOption<Integer> integer(String name, int level, int number) {
        return new NetOption<>(
                name, Integer.class, OptionForm.integer(), place(level, number), null);
    }

    static NetOption<Duration> seconds(String name, int level, int number) {
        return new NetOption<>(
                name, Duration.class, OptionForm.seconds(), place(level, number), null);
    }

    static NetOption<Duration> millis(String name, int level, int number) {
        return new NetOption<>(
                name, Duration.class, OptionForm.millis(), place(level, number), null);
    }

    static NetOption<String> text(String name, int level, int number) {
        return new NetOption<>(name, String.class, OptionForm.text(), place(level, number), null);
    }

    private static SysSocket.SocketOption place(int level, int number) {
        return new SysSocket.SocketOption(level, number);
    }

    /** The same option, which has a place of its own on IPv6 sockets. */
    NetOption<T> onV6(int level, int number) {
        return new NetOption<>(name, type, form, place, place(level, number));
    }

    OptionForm<T> form() {
        return form;
    }

    SysSocket.SocketOption place() {
        return place;
    }

    SysSocket.@Nullable SocketOption placeOfV6() {
        return placeOfV6;
    }

    /** Its name in the manual pages. */
    @Override
    public String name() {
        return name;
    }

    @Override
    public Class<T> type() {
        return type;
    }

    @Override
    public String toString() {
        return name;
    }
}
