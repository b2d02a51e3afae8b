package dev.volokno.curl;

import dev.volokno.fiber.ChannelClosedException;
import dev.volokno.fiber.Fiber;
import dev.volokno.foreign.Driver;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/**
 * A request that was begun. Its body, if it is a streamed one, is written here and ended by {@link
 * #endBody}; the slower side sets the pace, and at most 64 KiB are held. The response can be waited
 * for by the same fiber afterwards, or by another meanwhile.
 */
public final class CurlExchange implements WritableByteChannel {
    private static final int CHUNK = 16 * 1024;

    private final Driver<CurlMulti> driver;
    private final Transfer transfer;
    private volatile boolean closed;

    CurlExchange(Driver<CurlMulti> driver, Transfer transfer) {
        this.driver = driver;
        this.transfer = transfer;
    }

    private Upload.Streamed body() {
        if (transfer.upload().isPresent()
                && transfer.upload().get() instanceof Upload.Streamed streamed) {
            return streamed;
        }
        throw new IllegalStateException(transfer.request() + " has no body to be written");
    }

    /**
     * Writes all of {@code source}. Parks; if cancelled, what was taken is gone from {@code
     * source}.
     *
     * @throws IllegalStateException if the request has no streamed body
     * @throws IOException if the body was ended, or the exchange is over; with a response it can be
     *     that the server wants no more
     */
    @Override
    public int write(ByteBuffer source) throws IOException {
        Upload.Streamed body = body();
        Fiber.checkpoint();
        int length = source.remaining();
        while (source.hasRemaining()) {
            var chunk = new byte[Math.min(CHUNK, source.remaining())];
            source.get(source.position(), chunk);
            try {
                body.chunks().send(chunk);
            } catch (ChannelClosedException e) {
                throw transfer.failure().orElseGet(() -> noMore(e));
            }
            source.position(source.position() + chunk.length);
            wake(body);
        }
        return length;
    }

    private IOException noMore(ChannelClosedException cause) {
        return new IOException(transfer.request() + ": no more of the body is taken", cause);
    }

    /**
     * The body ends here. Does not wait; ending again does nothing.
     *
     * @throws IllegalStateException if the request has no streamed body
     */
    public void endBody() {
        Upload.Streamed body = body();
        body.chunks().close();
        wake(body);
    }

    private void wake(Upload.Streamed body) {
        if (body.isStarved()) {
            driver.post(multi -> transfer.resumeSending());
        }
    }

    /**
     * Waits for the response's head. Parks; if cancelled, it can be waited for again.
     *
     * @throws IOException if there is no response
     */
    public CurlResponse response() throws IOException {
        return new CurlResponse(this, transfer.await());
    }

    Transfer transfer() {
        return transfer;
    }

    void resumeReceiving() {
        driver.post(multi -> transfer.resumeReceiving());
    }

    @Override
    public boolean isOpen() {
        return !closed;
    }

    /** Ends the exchange if it is not over. Does not wait; closing again does nothing. */
    @Override
    public void close() {
        closed = true;
        driver.post(multi -> multi.abandon(transfer));
    }

    /** The request. */
    @Override
    public String toString() {
        return transfer.request().toString();
    }
}
