package dev.volokno.curl;

import dev.volokno.curl.Transfer.Response;
import dev.volokno.fiber.ChannelClosedException;
import dev.volokno.fiber.Fiber;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A response: its head, and its body as a stream. If the body is not read, the server is not
 * either: at most 128 KiB are held. Whoever does not read to the end closes it, which ends its
 * connection.
 *
 * <p>One fiber reads at a time.
 */
public final class CurlResponse implements ReadableByteChannel {
    private static final int PIECE = 8192;

    private final CurlExchange exchange;
    private final Response head;
    private ByteBuffer leftOver = ByteBuffer.allocate(0);

    CurlResponse(CurlExchange exchange, Response head) {
        this.exchange = exchange;
        this.head = head;
    }

    /** The status, such as 200. */
    public int status() {
        return head.status();
    }

    /** All headers, by their names in whatever case, in the order they came. */
    public Map<String, List<String>> headers() {
        return head.headers();
    }

    /** The first header of this name. */
    public Optional<String> header(String name) {
        return head.headers().getOrDefault(name, List.of()).stream().findFirst();
    }

    /**
     * Where it came from: another URI than the request's after redirects. Characters that no URI
     * has, though some servers say them, are escaped.
     */
    public URI uri() {
        return URI.create(Escapes.added(head.url()));
    }

    /**
     * Reads some of the body; -1 at its end. Parks; if cancelled, nothing was read.
     *
     * @throws IOException if the transfer has failed before the end
     */
    @Override
    public int read(ByteBuffer target) throws IOException {
        if (!exchange.isOpen()) {
            throw new ClosedChannelException();
        }
        if (leftOver.hasRemaining() || !target.hasRemaining()) {
            Fiber.checkpoint();
        } else if (!receive()) {
            return -1;
        }
        int length = Math.min(target.remaining(), leftOver.remaining());
        target.put(leftOver.slice(leftOver.position(), length));
        leftOver.position(leftOver.position() + length);
        return length;
    }

    private boolean receive() throws IOException {
        Transfer transfer = exchange.transfer();
        try {
            leftOver = ByteBuffer.wrap(transfer.received().receive());
        } catch (ChannelClosedException end) {
            Optional<IOException> failure = transfer.failure();
            if (failure.isPresent()) {
                throw failure.get();
            }
            return false;
        }
        if (transfer.isToBeResumed()) {
            exchange.resumeReceiving();
        }
        return true;
    }

    /** The body as a stream, whose calls park. Closing it closes the response. */
    public InputStream inputStream() {
        return Channels.newInputStream(this);
    }

    /**
     * Reads the rest of the body. Parks.
     *
     * @throws IOException if it is longer than {@code most} bytes, or the transfer has failed
     */
    public byte[] bytes(int most) throws IOException {
        var all = new ByteArrayOutputStream();
        ByteBuffer piece = ByteBuffer.allocate(PIECE);
        while (read(piece.clear()) >= 0) {
            all.write(piece.array(), 0, piece.position());
            if (all.size() > most) {
                throw new IOException(exchange + ": the body is longer than " + most + " bytes");
            }
        }
        return all.toByteArray();
    }

    /**
     * Reads the rest of the body as UTF-8. Parks.
     *
     * @throws IOException if it is longer than {@code most} bytes, or the transfer has failed
     */
    public String text(int most) throws IOException {
        return new String(bytes(most), StandardCharsets.UTF_8);
    }

    @Override
    public boolean isOpen() {
        return exchange.isOpen();
    }

    /** Ends the exchange if it is not over. Does not wait; closing again does nothing. */
    @Override
    public void close() {
        exchange.close();
    }

    /** The request, and the status. */
    @Override
    public String toString() {
        return exchange + ": " + status();
    }
}
