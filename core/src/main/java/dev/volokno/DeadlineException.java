package dev.volokno;

import java.io.InterruptedIOException;
import java.time.Duration;

/**
 * The time given for a call or a block of calls is over. Thrown only at the boundary that set the
 * deadline; inside it, waits throw {@link CancelledException}. The descriptor stays open and
 * usable.
 */
public final class DeadlineException extends InterruptedIOException {
    private static final long serialVersionUID = 1L;

    /** Creates one for a deadline of {@code allowed}; {@code transferred} bytes had been moved. */
    public DeadlineException(Duration allowed, long transferred) {
        super("not done within " + allowed);
        bytesTransferred = (int) Math.min(transferred, Integer.MAX_VALUE);
    }
}
