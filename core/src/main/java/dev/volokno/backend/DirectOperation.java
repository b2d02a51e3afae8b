package dev.volokno.backend;

import java.lang.foreign.MemorySegment;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A call that never waits for readiness: ioctl(2), setsockopt(2), open(2), close(2) and their like.
 */
public final class DirectOperation extends Operation {
    private final String call;
    private final @Nullable Pool pool;
    private final Call body;
    private @Nullable LongConsumer late;

    /** Makes the call on {@code fd}, -1 if it concerns none. */
    @FunctionalInterface
    public interface Call {
        long make(MemorySegment errno, int fd);
    }

    private DirectOperation(@Nullable Handle handle, String call, @Nullable Pool pool, Call body) {
        super(handle);
        this.call = call;
        this.pool = pool;
        this.body = body;
    }

    public static DirectOperation on(Handle handle, String call, Call body) {
        return new DirectOperation(handle, call, null, body);
    }

    /** A call that concerns no descriptor yet. */
    public static DirectOperation of(String call, Call body) {
        return new DirectOperation(null, call, null, body);
    }

    /**
     * A call that may block in the kernel although it has no way to say so: made on another thread.
     */
    public static DirectOperation blocking(@Nullable Handle handle, String call, Call body) {
        return new DirectOperation(handle, call, Pool.DEVICES, body);
    }

    /** The same, on the threads for files: it may wait for a disk, or a file server. */
    public static DirectOperation onDisk(@Nullable Handle handle, String call, Call body) {
        return new DirectOperation(handle, call, Pool.FILES, body);
    }

    /**
     * A blocking call that a cancelled waiter leaves behind: {@code body} uses no memory but what
     * it keeps reachable itself, and {@code late} gets the result that comes after all.
     */
    public static DirectOperation abandonable(
            @Nullable Handle handle, String call, Call body, LongConsumer late) {
        return new DirectOperation(handle, call, Pool.DEVICES, body).endingIn(late);
    }

    /** Has a cancelled waiter leave it behind, as {@link #abandonable} does. */
    public DirectOperation endingIn(LongConsumer unawaited) {
        late = unawaited;
        return this;
    }

    @Override
    public boolean canBeLeftBehind() {
        return late != null;
    }

    @Override
    protected void endedUnawaited(long result) {
        if (late != null) {
            late.accept(result);
        }
    }

    @Override
    public String call() {
        return call;
    }

    @Override
    public boolean blocks() {
        return pool != null;
    }

    @Override
    public Pool pool() {
        return pool == null ? super.pool() : pool;
    }

    @Override
    public long attempt(MemorySegment errno) {
        return body.make(errno, handle == null ? -1 : handle.number);
    }
}
