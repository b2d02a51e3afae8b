package dev.volokno.curl;

import dev.volokno.fiber.Channel;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/** A request's body, on its way to the library. */
abstract sealed class Upload {
    /** What {@link #read} returns where there is nothing yet. */
    static final int NOT_YET = -1;

    /** Copies some of it; 0 at its end, and {@link #NOT_YET} if the library is to be told later. */
    abstract int read(MemorySegment room);

    /** Whether it begins again. */
    abstract boolean rewind();

    static int copy(byte[] from, int position, MemorySegment room) {
        int length = (int) Math.min(from.length - position, room.byteSize());
        MemorySegment.copy(MemorySegment.ofArray(from), position, room, 0, length);
        return length;
    }

    /** One that is there. */
    static final class OfBytes extends Upload {
        private final byte[] bytes;
        private int position;

        OfBytes(byte[] bytes) {
            this.bytes = bytes;
        }

        @Override
        int read(MemorySegment room) {
            int length = copy(bytes, position, room);
            position += length;
            return length;
        }

        @Override
        boolean rewind() {
            position = 0;
            return true;
        }
    }

    /** One that somebody writes meanwhile. */
    static final class Streamed extends Upload {
        private static final int CHUNKS = 4;

        private final Channel<byte[]> chunks = Channel.bounded(CHUNKS);

        /** The library waits for a word; written by the driver's fiber, read by any thread. */
        private volatile boolean isStarved;

        private byte[] current = {};
        private int position;
        private boolean hasBegun;
        private boolean atEnd;

        Channel<byte[]> chunks() {
            return chunks;
        }

        boolean isStarved() {
            return isStarved;
        }

        @Override
        int read(MemorySegment room) {
            isStarved = false;
            if (position == current.length && !next()) {
                return atEnd ? 0 : NOT_YET;
            }
            hasBegun = true;
            int length = copy(current, position, room);
            position += length;
            return length;
        }

        /** Takes the next chunk; if there is none, it is starved or at the end. */
        private boolean next() {
            if (take()) {
                return true;
            }
            // Said before the last look: whoever sends or closes after it sees that.
            isStarved = !atEnd;
            boolean found = !atEnd && take();
            isStarved = !found && !atEnd;
            return found;
        }

        private boolean take() {
            // Asked first: what was sent before the end is found after it.
            boolean closed = chunks.isClosed();
            Optional<byte[]> chunk = chunks.tryReceive();
            atEnd = closed && chunk.isEmpty();
            if (chunk.isPresent()) {
                current = chunk.get();
                position = 0;
            }
            return chunk.isPresent();
        }

        @Override
        boolean rewind() {
            return !hasBegun;
        }
    }
}
