package dev.volokno.engine;

import dev.volokno.backend.Operation;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;

/** A descriptor, as somebody sees it who only wants to know when it is ready. */
public interface Polled {
    /** The engine that answers for it. */
    Engine engine();

    /** Comes in, so that its number stays what it is; {@link #leave} must follow. Any thread. */
    void enter() throws ClosedChannelException;

    /** Goes out. */
    void leave();

    boolean isOpen();

    /** How many bytes a reader finds without asking the kernel. */
    int buffered();

    /** A poll for {@code events} of poll(2). */
    Operation poll(int events) throws IOException;

    /** Nobody took these events, which may be told only once. */
    void keep(int events);

    /** Why a poll failed. */
    IOException failure(Operation poll, long result);
}
