package dev.volokno.net;

import dev.volokno.loop.Loop;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * The loop of a factory's sockets: that of the fiber that asks for one, or of whoever made the
 * factory if a plain thread asks.
 */
final class BridgeLoop {
    private final @Nullable Loop makers = currentOrNull();

    private static @Nullable Loop currentOrNull() {
        try {
            return Loop.current();
        } catch (IllegalStateException outside) {
            return null;
        }
    }

    <T> T call(Callable<T> opening) throws IOException {
        try {
            Loop makersLoop = makers;
            return currentOrNull() != null || makersLoop == null
                    ? opening.call()
                    : makersLoop.submit(opening).join();
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException failure) {
                throw failure;
            }
            throw new IOException(e.getCause());
        } catch (Exception e) {
            throw new IOException(e);
        }
    }
}
