package dev.volokno.engine;

import dev.volokno.backend.Sentry;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The sleep of a loop that turns on a virtual thread: parked, while a platform thread watches its
 * epoll set.
 */
public final class SentryRest implements Rest {
    private final Sentry sentry;
    private volatile @Nullable Thread sleeper;

    public SentryRest(Sentry sentry) {
        this.sentry = sentry;
    }

    /** Names who sleeps; before it starts, so that its first wake-up finds it. */
    public void sleeper(Thread driver) {
        sleeper = driver;
    }

    @Override
    public void await(long timeoutNanos) {
        sentry.arm();
        if (timeoutNanos < 0) {
            LockSupport.park(this);
        } else {
            LockSupport.parkNanos(this, timeoutNanos);
        }
    }

    @Override
    public void wakeUp() {
        LockSupport.unpark(sleeper);
    }

    /** Watches on the calling platform thread until the sentry is dismissed. */
    public void watch() {
        while (sentry.watch()) {
            wakeUp();
        }
    }
}
