package dev.volokno.libpq;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.Optional;

/**
 * What a {@code COPY ... TO STDOUT} gives: row by row, or as a stream of bytes. If it is not taken,
 * the server waits. One fiber at a time may use it.
 */
public final class CopyOut implements ReadableByteChannel {
    private final Pull<byte[]> pull;
    private ByteBuffer left = ByteBuffer.allocate(0);
    private boolean open = true;

    CopyOut(Pull<byte[]> pull) {
        this.pull = pull;
    }

    /**
     * The next row as the server sent it, a line with its end in the text formats; empty at the
     * end. Parks. If that is cancelled, so is the command, and no row comes any more.
     *
     * @throws PostgresException if the command fails in between
     */
    public Optional<byte[]> next() throws IOException {
        if (left.hasRemaining()) {
            byte[] rest = new byte[left.remaining()];
            left.get(rest);
            return Optional.of(rest);
        }
        return pull.next();
    }

    /** Some bytes; -1 at the end. Parks, as {@link #next} does. */
    @Override
    public int read(ByteBuffer buffer) throws IOException {
        int before = buffer.position();
        while (buffer.hasRemaining() && (left.hasRemaining() || buffer.position() == before)) {
            if (!left.hasRemaining()) {
                Optional<byte[]> row = pull.next();
                if (row.isEmpty()) {
                    return -1;
                }
                left = ByteBuffer.wrap(row.get());
            }
            int length = Math.min(left.remaining(), buffer.remaining());
            buffer.put(left.slice(left.position(), length));
            left.position(left.position() + length);
        }
        return buffer.position() - before;
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    /**
     * Gives the connection back. If something is left the command is cancelled, and the connection
     * can be used afterwards. Parks, and is not cancelled.
     */
    @Override
    public void close() throws IOException {
        open = false;
        pull.close();
    }
}
