package dev.volokno.loop;

import java.time.Duration;
import java.time.temporal.ChronoUnit;

/**
 * Another event loop that runs inside one of ours, as {@link Loop#host} has it; or whatever else
 * wants to be asked in every turn. Both methods are called on the loop's thread, and must not wait.
 */
public interface Guest {
    /** The guest has nothing to do before one of its descriptors is ready. */
    Duration NO_LIMIT = ChronoUnit.FOREVER.getDuration();

    /**
     * The loop is about to wait for the kernel. The guest makes sure that its descriptors are
     * {@linkplain Loop#watch watched}, where they have changed.
     *
     * @return how long the loop may wait at most; zero if the guest has something to do already
     */
    Duration prepare() throws Exception;

    /** The loop has waited, and some turns may have passed since: the guest does what is due. */
    void check() throws Exception;
}
