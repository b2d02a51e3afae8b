package dev.volokno.foreign;

import dev.volokno.engine.Strand;
import dev.volokno.engine.Use;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Calls of a library by its driver's fiber, and of callbacks inside of them: nothing waits there.
 */
final class Inside {
    private final Upcalls upcalls;
    private final Strand own = Strand.current();
    private final @Nullable Use outside = own.use();
    private final Use inside;

    Inside(String name, Upcalls upcalls) {
        this.upcalls = upcalls;
        inside = new Use(name, outside, false);
    }

    /** Makes a call; throws also what a callback of it threw. */
    <T> T call(Callable<T> body) throws Exception {
        own.use(inside);
        T result;
        try {
            result = body.call();
        } catch (Throwable t) {
            Throwable also = upcalls.takeFailure();
            if (also != null && also != t) {
                t.addSuppressed(also);
            }
            throw t;
        } finally {
            own.use(outside);
        }
        Throwable failure = upcalls.takeFailure();
        if (failure != null) {
            throw unchanged(failure);
        }
        return result;
    }

    /** The exception to throw for {@code thrown}; an error is thrown at once. */
    static Exception unchanged(Throwable thrown) {
        if (thrown instanceof Error error) {
            throw error;
        }
        return thrown instanceof Exception exception
                ? exception
                : new IllegalStateException(thrown);
    }
}
