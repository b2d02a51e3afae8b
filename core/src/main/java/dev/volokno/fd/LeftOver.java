package dev.volokno.fd;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/**
 * Bytes that were read from a stream and not yet taken by anybody. Whoever reads next gets them
 * first. Guarded by the stream's reading turn.
 */
final class LeftOver {
    private static final ByteBuffer NONE = ByteBuffer.allocate(0);

    /** Between position and limit: what is left. */
    private ByteBuffer bytes = NONE;

    /** How many of them are known not to hold the delimiter that was last looked for. */
    private int searched;

    private int searchedFor = -1;

    int size() {
        return bytes.remaining();
    }

    boolean isEmpty() {
        return !bytes.hasRemaining();
    }

    /** Moves as much as fits. */
    int drainTo(ByteBuffer target) {
        return moveTo(target, Math.min(size(), target.remaining()));
    }

    /** Moves the first {@code count} bytes. */
    int moveTo(ByteBuffer target, int count) {
        target.put(target.position(), bytes, bytes.position(), count);
        target.position(target.position() + count);
        bytes.position(bytes.position() + count);
        searched = 0;
        return count;
    }

    /** Writes up to {@code most} bytes: how many were taken. What is not written stays. */
    int writeTo(WritableByteChannel target, long most) throws IOException {
        searched = 0;
        int end = bytes.limit();
        bytes.limit(bytes.position() + (int) Math.min(size(), most));
        try {
            return target.write(bytes);
        } finally {
            bytes.limit(end);
        }
    }

    /** Gives a large buffer back, if it is empty. */
    void shrink() {
        if (isEmpty()) {
            bytes = NONE;
        }
    }

    /**
     * The index after the first {@code delimiter}, -1 if there is none. Bytes that were searched
     * before are not again.
     */
    int endOf(byte delimiter) {
        if (searchedFor != delimiter) {
            searchedFor = delimiter;
            searched = 0;
        }
        int start = bytes.position();
        for (int i = start + searched; i < bytes.limit(); i++) {
            if (bytes.get(i) == delimiter) {
                return i + 1 - start;
            }
        }
        searched = size();
        return -1;
    }

    /**
     * Room behind the bytes, so that there may be up to {@code capacity} in all; {@link #filled}
     * must follow.
     */
    ByteBuffer room(int capacity) {
        if (bytes.capacity() < capacity) {
            ByteBuffer larger = ByteBuffer.allocateDirect(capacity);
            int kept = size();
            larger.put(bytes).flip();
            assert larger.remaining() == kept;
            bytes = larger;
        }
        if (bytes.position() == 0) {
            // Compacting would copy every byte to where it is.
            bytes.position(bytes.limit());
        } else {
            bytes.compact();
        }
        bytes.limit(Math.max(bytes.position(), Math.min(capacity, bytes.capacity())));
        return bytes;
    }

    /** The room has been written to, up to its position. */
    void filled() {
        bytes.flip();
    }
}
