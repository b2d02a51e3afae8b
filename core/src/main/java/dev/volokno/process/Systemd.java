package dev.volokno.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.volokno.backend.DirectOperation;
import dev.volokno.backend.Kernel;
import dev.volokno.engine.Engine;
import dev.volokno.fd.ByteStream;
import dev.volokno.fd.TimerFd;
import dev.volokno.fiber.Fiber;
import dev.volokno.fiber.Ticker;
import dev.volokno.linux.Fcntl;
import dev.volokno.loop.Loop;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The service manager that started this process, systemd or one that speaks like it: the sockets it
 * opened for us (sd_listen_fds(3)), and what it wants to hear (sd_notify(3)). It is spoken to
 * directly, without a library of systemd's. Where nobody started us in this way, there are no
 * sockets, and what is told goes nowhere.
 *
 * {@snippet :
 * var systemd = Systemd.open();
 * var listener = TcpListener.adopt(systemd.socket("web").number());
 * Fiber.start(() -> systemd.keepWatchdog());
 * systemd.ready();
 * }
 */
public final class Systemd implements Closeable {
    /** By agreement the first one is behind the standard streams. */
    private static final int FIRST = 3;

    private static final String UNNAMED = "unknown";

    private final List<Inherited> sockets;
    private final Duration watchdog;
    private final @Nullable ByteStream channel;

    /**
     * A descriptor that the manager has opened for us. Whoever adopts the number owns it: {@code
     * TcpListener.adopt}, {@code UnixListener.adopt}, {@link dev.volokno.fd.Fd#adopt} for anything
     * else.
     *
     * @param name that of the socket's unit, or its {@code FileDescriptorName=}
     * @param number the descriptor, close-on-exec from now on
     */
    public record Inherited(String name, int number) {}

    private Systemd(List<Inherited> sockets, Duration watchdog, @Nullable ByteStream channel) {
        this.sockets = sockets;
        this.watchdog = watchdog;
        this.channel = channel;
    }

    /**
     * Learns from the environment who started this process, for the current loop. Parks for the
     * calls.
     *
     * @throws IllegalArgumentException if the environment is not as systemd makes it
     */
    public static Systemd open() throws IOException {
        return open(System.getenv(), ProcessHandle.current().pid());
    }

    static Systemd open(Map<String, String> environment, long pid) throws IOException {
        List<Inherited> sockets = inherited(environment, pid);
        for (Inherited socket : sockets) {
            closeOnExec(socket);
        }
        String address = environment.getOrDefault("NOTIFY_SOCKET", "");
        return new Systemd(
                sockets,
                watchdog(environment, pid),
                address.isEmpty() ? null : NotifySocket.connect(address));
    }

    private static List<Inherited> inherited(Map<String, String> environment, long pid) {
        if (!isFor(pid, environment.get("LISTEN_PID"))) {
            // Meant for another process, whose environment we have inherited.
            return List.of();
        }
        int count = (int) number(environment, "LISTEN_FDS");
        String[] names = environment.getOrDefault("LISTEN_FDNAMES", "").split(":", -1);
        var sockets = new ArrayList<Inherited>();
        for (int i = 0; i < count; i++) {
            boolean named = i < names.length && !names[i].isEmpty();
            sockets.add(new Inherited(named ? names[i] : UNNAMED, FIRST + i));
        }
        return List.copyOf(sockets);
    }

    private static boolean isFor(long pid, @Nullable String wanted) {
        return wanted != null && wanted.equals(Long.toString(pid));
    }

    private static Duration watchdog(Map<String, String> environment, long pid) {
        String wanted = environment.get("WATCHDOG_PID");
        boolean ours = wanted == null || isFor(pid, wanted);
        long micros = ours ? number(environment, "WATCHDOG_USEC") : 0;
        return Duration.of(micros, ChronoUnit.MICROS);
    }

    private static long number(Map<String, String> environment, String name) {
        String text = environment.getOrDefault(name, "0");
        try {
            long value = Long.parseLong(text);
            if (value >= 0) {
                return value;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(name + "=" + text + " is no number", e);
        }
        throw new IllegalArgumentException(name + "=" + text + " is no number");
    }

    /** The manager had to pass it on; we need not. */
    private static void closeOnExec(Inherited socket) throws IOException {
        Engine engine = Loop.current().engine();
        long result =
                engine.perform(
                        DirectOperation.of(
                                "fcntl",
                                (errno, none) ->
                                        Fcntl.fcntl(
                                                errno,
                                                socket.number(),
                                                Fcntl.F_SETFD,
                                                Fcntl.FD_CLOEXEC)));
        Kernel.check("fcntl", result, "fd " + socket.number() + " " + socket.name());
    }

    // ---- sockets

    /** All that were passed to us, in the order of the manager's configuration. */
    public List<Inherited> sockets() {
        return sockets;
    }

    /**
     * The first one of this name.
     *
     * @throws NoSuchElementException if none has it
     */
    public Inherited socket(String name) {
        return sockets.stream()
                .filter(socket -> socket.name().equals(name))
                .findFirst()
                .orElseThrow(() ->
                        new NoSuchElementException(
                                sockets.isEmpty()
                                        ? "no service manager has passed sockets to this process"
                                        : "no socket is named " + name + " among " + sockets));
    }

    // ---- telling

    /** Whether somebody wants to be told. */
    public boolean listens() {
        return channel != null;
    }

    /** Tells that the service is up, or that it has loaded its configuration anew. */
    public void ready() throws IOException {
        tell("READY=1");
    }

    /** Tells people in one line what the service is doing. */
    public void status(String line) throws IOException {
        if (line.indexOf('\n') >= 0) {
            throw new IllegalArgumentException("a status is one line, not " + line);
        }
        tell("STATUS=" + line);
    }

    /** Tells that the configuration is being loaded anew; {@link #ready} must follow. */
    public void reloading() throws IOException {
        long micros = TimeUnit.MICROSECONDS.convert(TimerFd.Clock.MONOTONIC.now());
        tell("RELOADING=1\nMONOTONIC_USEC=" + micros);
    }

    /** Tells that the service is about to end. */
    public void stopping() throws IOException {
        tell("STOPPING=1");
    }

    /**
     * Tells anything that sd_notify(3) knows. Parks while the manager is behind with reading.
     *
     * @param assignments one or more {@code NAME=value}, with {@code \n} between them
     */
    public void tell(String assignments) throws IOException {
        ByteStream to = channel;
        if (to != null) {
            // One write is one datagram.
            to.write(ByteBuffer.wrap(assignments.getBytes(UTF_8)));
        }
    }

    // ---- the watchdog

    /** How long the manager waits for a sign of life; empty if it wants none. */
    public Optional<Duration> watchdog() {
        return watchdog.isZero() || channel == null ? Optional.empty() : Optional.of(watchdog);
    }

    /**
     * Gives the manager its signs of life, twice as often as it wants, until it is cancelled; at
     * once over if it wants none. They come from the loop's own timers: a confined loop that is
     * stuck gives none, and is restarted. Run it in a fiber of that loop; fibers of an unconfined
     * one cannot speak for each other.
     */
    public void keepWatchdog() throws IOException {
        if (watchdog().isEmpty()) {
            return;
        }
        Fiber.checkpoint();
        Ticker beat = Ticker.every(watchdog.dividedBy(2), Ticker.Missed.SKIP);
        while (true) {
            tell("WATCHDOG=1");
            beat.await();
        }
    }

    /** Tells nothing any more. Sockets that nobody has adopted stay open. */
    @Override
    public void close() throws IOException {
        ByteStream to = channel;
        if (to != null) {
            to.close();
        }
    }
}
