package dev.volokno.fd;

import dev.volokno.CancelledException;
import dev.volokno.backend.DirectOperation;
import dev.volokno.backend.PollOperation;
import dev.volokno.backend.VectorOperation;
import dev.volokno.backend.WriteOperation;
import dev.volokno.descriptor.Descriptor;
import dev.volokno.descriptor.Turns.Direction;
import dev.volokno.linux.Errno;
import dev.volokno.linux.Poll;
import dev.volokno.linux.Unistd;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The one write side of a stream: one writer after the other, so that no write is torn apart by
 * another.
 */
final class WriteSide {
    /** A pipe that has room at all has room for this much: PIPE_BUF. */
    private static final int PIECE = 4096;

    private final Descriptor descriptor;
    private @Nullable WriteOperation operation;
    private @Nullable VectorOperation vector;

    WriteSide(Descriptor descriptor) {
        this.descriptor = descriptor;
    }

    /** Writes all of it. */
    int write(ByteBuffer source) throws IOException {
        descriptor.enter(Direction.WRITE);
        int start = source.position();
        try {
            if (!source.hasRemaining()) {
                Descriptor.passBy();
            }
            while (source.hasRemaining()) {
                writeOnce(source);
            }
            return source.position() - start;
        } catch (CancelledException e) {
            throw e.with((long) source.position() - start);
        } finally {
            descriptor.leave(Direction.WRITE);
        }
    }

    /** Writes all of several buffers, with no other write in between. */
    long write(ByteBuffer[] sources, int offset, int length) throws IOException {
        descriptor.enter(Direction.WRITE);
        long written = 0;
        int end = offset + length;
        try {
            for (int i = offset; i < end; i++) {
                while (sources[i].hasRemaining()) {
                    written += i + 1 < end ? writeOnce(sources, i, end) : writeOnce(sources[i]);
                }
            }
            if (written == 0) {
                Descriptor.passBy();
            }
            return written;
        } catch (CancelledException e) {
            throw e.with(written);
        } finally {
            descriptor.leave(Direction.WRITE);
        }
    }

    int writeSome(ByteBuffer source) throws IOException {
        descriptor.enter(Direction.WRITE);
        try {
            if (source.hasRemaining()) {
                return writeOnce(source);
            }
            Descriptor.passBy();
            return 0;
        } finally {
            descriptor.leave(Direction.WRITE);
        }
    }

    /** Writes what the kernel takes without a wait: 0 if nothing, or another fiber is writing. */
    int tryWrite(ByteBuffer source) throws IOException {
        if (!source.hasRemaining() || !descriptor.tryEnter(Direction.WRITE)) {
            return 0;
        }
        try {
            WriteOperation once = operation().from(piece(source));
            long result = descriptor.attempt(once);
            once.letGo();
            return Errno.EAGAIN.is(result) ? 0 : advance(source, descriptor.check(once, result));
        } finally {
            descriptor.leave(Direction.WRITE);
        }
    }

    /** Writes from the {@code first} buffer, which is not empty, and those after it. */
    private long writeOnce(ByteBuffer[] sources, int first, int end) throws IOException {
        if (descriptor.handle().isShared()) {
            return writeShared(sources[first]);
        }
        VectorOperation write = vector().with(sources, first, end);
        try {
            long count = descriptor.perform(write);
            write.finish(count);
            return count;
        } finally {
            write.letGo();
        }
    }

    private int writeOnce(ByteBuffer source) throws IOException {
        if (descriptor.handle().isShared()) {
            return writeShared(source);
        }
        WriteOperation write = operation().from(source);
        try {
            return advance(source, descriptor.perform(write));
        } finally {
            write.letGo();
        }
    }

    /** What may be written at a time: not all, if the call could then wait for room. */
    private ByteBuffer piece(ByteBuffer source) {
        boolean all = !descriptor.handle().isShared() || source.remaining() <= PIECE;
        return all ? source : source.slice(source.position(), PIECE);
    }

    /**
     * The file description is blocking, and not ours to change: waits for room, and then writes on
     * another thread, because somebody else may have taken the room meanwhile.
     */
    private int writeShared(ByteBuffer source) throws IOException {
        descriptor.perform(new PollOperation(descriptor.handle(), Poll.POLLOUT));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = MemorySegment.ofBuffer(piece(source));
            MemorySegment staged = arena.allocate(bytes.byteSize()).copyFrom(bytes);
            long address = staged.address();
            return advance(
                    source,
                    descriptor.perform(
                            DirectOperation.blocking(
                                    descriptor.handle(),
                                    "write",
                                    (errno, number) ->
                                            Unistd.write(
                                                    errno, number, address, bytes.byteSize()))));
        }
    }

    private static int advance(ByteBuffer source, long count) {
        source.position(source.position() + (int) count);
        return (int) count;
    }

    private VectorOperation vector() {
        VectorOperation known = vector;
        if (known == null || known.pending()) {
            known = VectorOperation.writing(descriptor.handle(), descriptor.isSocket());
            vector = known;
        }
        return known;
    }

    private WriteOperation operation() {
        WriteOperation known = operation;
        // One that is still pending was left behind by a fiber that ran out of stack.
        if (known == null || known.pending()) {
            known = new WriteOperation(descriptor.handle(), descriptor.isSocket());
            operation = known;
        }
        return known;
    }
}
