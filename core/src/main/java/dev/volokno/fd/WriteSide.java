package dev.volokno.fd;

import dev.volokno.CancelledException;
import dev.volokno.backend.WriteOperation;
import dev.volokno.descriptor.Descriptor;
import dev.volokno.descriptor.Turns.Direction;
import dev.volokno.linux.Errno;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The one write side of a stream: one writer after the other, so that no write is torn apart by
 * another.
 */
final class WriteSide {
    private final Descriptor descriptor;
    private @Nullable WriteOperation operation;

    WriteSide(Descriptor descriptor) {
        this.descriptor = descriptor;
    }

    /** Writes all of it. */
    int write(ByteBuffer source) throws IOException {
        descriptor.enter(Direction.WRITE);
        int start = source.position();
        try {
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
        try {
            for (int i = offset; i < offset + length; i++) {
                while (sources[i].hasRemaining()) {
                    written += writeOnce(sources[i]);
                }
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
            return source.hasRemaining() ? writeOnce(source) : 0;
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
            WriteOperation once = operation().from(source);
            long result = descriptor.attempt(once);
            once.letGo();
            return Errno.EAGAIN.is(result) ? 0 : advance(source, descriptor.check(once, result));
        } finally {
            descriptor.leave(Direction.WRITE);
        }
    }

    private int writeOnce(ByteBuffer source) throws IOException {
        WriteOperation write = operation().from(source);
        try {
            return advance(source, descriptor.perform(write));
        } finally {
            write.letGo();
        }
    }

    private static int advance(ByteBuffer source, long count) {
        source.position(source.position() + (int) count);
        return (int) count;
    }

    private WriteOperation operation() {
        WriteOperation known = operation;
        if (known == null) {
            known = new WriteOperation(descriptor.handle(), descriptor.isSocket());
            operation = known;
        }
        return known;
    }
}
