package dev.volokno.fiber;

import dev.volokno.CancelledException;
import java.net.SocketException;
import java.nio.channels.ClosedByInterruptException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Of several failures the first counts, and the later ones are suppressed in it; a cancellation
 * counts only until there is a real failure. Any thread.
 */
final class Failures {
    private final AtomicReference<@Nullable Throwable> first = new AtomicReference<>();

    /** Whether it is the first. */
    boolean add(Throwable thrown) {
        Throwable known = first.compareAndExchange(null, thrown);
        if (known == null) {
            return true;
        }
        if (thrown instanceof CancelledException) {
            return false;
        }
        while (known instanceof CancelledException) {
            Throwable witness = first.compareAndExchange(known, thrown);
            if (witness == known) {
                return false;
            }
            known = witness;
        }
        boolean same = known == thrown || known == thrown.getCause();
        if (!same) {
            known.addSuppressed(thrown);
        }
        return false;
    }

    /**
     * How the JDK's waits tell of an interrupt; with that its sockets keep the thread interrupted.
     */
    static boolean isInterrupt(Throwable thrown) {
        return thrown instanceof InterruptedException
                || thrown instanceof ClosedByInterruptException
                || (thrown instanceof SocketException && Thread.currentThread().isInterrupted());
    }

    @Nullable Throwable first() {
        return first.get();
    }

    /** The exception to throw for {@code thrown}; an error is thrown at once. */
    static Exception rethrown(Throwable thrown) {
        if (thrown instanceof Error error) {
            throw error;
        }
        return thrown instanceof Exception exception ? exception : new ExecutionException(thrown);
    }
}
