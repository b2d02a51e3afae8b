package dev.volokno.tty;

import dev.volokno.HangUpException;
import dev.volokno.fiber.Fiber;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A serial port that may vanish, and is opened again when it is back.
 *
 * {@snippet :
 * var gps = SerialLink.to("/dev/serial/by-id/usb-u-blox_...", SerialSettings.of(9600));
 * while (true) {
 *     gps.call(port -> port.readUntil(line, '\n')); // however often it is unplugged meanwhile
 *     use(line.flip());
 *     line.clear();
 * }
 * }
 *
 * <p>While it is away its path is looked at five times a second: names that udev or a program like
 * socat makes are told of by nobody. Several fibers may use one link.
 */
public final class SerialLink implements Closeable {
    /** What happens to the port. */
    public enum Change {
        /** It is not there, and is waited for. */
        AWAITED,
        /** It was opened for the first time. */
        OPEN,
        /** The line was hung up. */
        VANISHED,
        /** It was opened again. */
        BACK
    }

    /** Is told of changes, by the fiber that meets them, before it goes on. */
    @FunctionalInterface
    public interface Listener {
        /** May park. */
        void changed(Change change) throws IOException;
    }

    /**
     * What is done with the port.
     *
     * @param <T> the result
     */
    @FunctionalInterface
    public interface Use<T> {
        /** May park; runs again with the next port if this one vanishes. */
        T of(SerialPort port) throws IOException;
    }

    private static final Duration LOOK = Duration.ofMillis(200);

    /** A device that is there already may not have got its permissions yet. */
    private static final int LOOKS_FOR_PERMISSION = 10;

    private final String path;
    private final SerialSettings settings;
    private final SerialOption[] options;
    private volatile Listener listener = _ -> {};

    // Guarded by this.
    private @Nullable SerialPort port;
    private boolean opening;
    private boolean missed;
    private boolean wasOpen;
    private boolean closed;

    private SerialLink(String path, SerialSettings settings, SerialOption... options) {
        this.path = path;
        this.settings = settings;
        this.options = options.clone();
    }

    /** A link that opens the port when it is first used. */
    public static SerialLink to(String path, SerialSettings settings, SerialOption... options) {
        return new SerialLink(path, settings, options);
    }

    /** Has {@code told} told of every change from now on. */
    public SerialLink telling(Listener told) {
        listener = told;
        return this;
    }

    /** The path it goes to. */
    public String path() {
        return path;
    }

    /**
     * Does something with the port; if the port vanishes meanwhile, waits until it is back and does
     * it again from the beginning. Parks, and is cancellable.
     *
     * @throws IOException what {@code body} throws, but for {@link HangUpException}, or what the
     *     opening throws if the port is there and cannot be opened
     */
    public <T> T call(Use<T> body) throws IOException {
        while (true) {
            SerialPort opened = open();
            try {
                return body.of(opened);
            } catch (HangUpException e) {
                lose(opened);
            } catch (ClosedChannelException e) {
                // Another fiber met the end first, and closed the port that this one waited on.
                if (isCurrent(opened)) {
                    throw e;
                }
            }
        }
    }

    /** Opens the port if it is not open, and waits until it can be. Parks, and is cancellable. */
    public SerialPort open() throws IOException {
        while (!claim()) {
            SerialPort known = known();
            if (known != null) {
                return known;
            }
            Fiber.sleep(LOOK);
        }
        try {
            SerialPort opened = awaitPort();
            listener.changed(opened(opened) ? Change.BACK : Change.OPEN);
            return opened;
        } finally {
            giveUp();
        }
    }

    private SerialPort awaitPort() throws IOException {
        int denied = 0;
        while (true) {
            refuseClosed();
            try {
                return SerialPort.open(path, settings, options);
            } catch (NoSuchFileException | HangUpException away) {
                if (firstMissed()) {
                    listener.changed(Change.AWAITED);
                }
            } catch (AccessDeniedException e) {
                denied++;
                if (denied > LOOKS_FOR_PERMISSION || !isMissed()) {
                    throw e;
                }
            }
            Fiber.sleep(LOOK);
        }
    }

    /** Whether the caller is the one to open it. */
    private synchronized boolean claim() throws ClosedChannelException {
        refuseClosed();
        boolean ours = known() == null && !opening;
        opening |= ours;
        return ours;
    }

    private synchronized void refuseClosed() throws ClosedChannelException {
        if (closed) {
            throw new ClosedChannelException();
        }
    }

    /** The port, if it is open: a body may have closed it. */
    private synchronized @Nullable SerialPort known() {
        SerialPort last = port;
        return last != null && last.isOpen() ? last : null;
    }

    private synchronized void giveUp() {
        opening = false;
    }

    /** Whether it had been open, or missed, before. */
    private boolean opened(SerialPort opened) throws IOException {
        synchronized (this) {
            if (!closed) {
                boolean again = isMissed();
                port = opened;
                wasOpen = true;
                missed = false;
                return again;
            }
        }
        opened.close();
        throw new ClosedChannelException();
    }

    private synchronized boolean firstMissed() {
        boolean first = !missed;
        missed = true;
        return first && !wasOpen;
    }

    private synchronized boolean isMissed() {
        return missed || wasOpen;
    }

    private synchronized boolean isCurrent(SerialPort used) {
        return port == used;
    }

    private void lose(SerialPort lost) throws IOException {
        synchronized (this) {
            if (port != lost) {
                return;
            }
            port = null;
        }
        try (lost) {
            listener.changed(Change.VANISHED);
        }
    }

    /** Closes the port if it is open; calls in progress end. Parks. */
    @Override
    public void close() throws IOException {
        SerialPort last;
        synchronized (this) {
            closed = true;
            last = port;
        }
        if (last != null) {
            last.close();
        }
    }
}
