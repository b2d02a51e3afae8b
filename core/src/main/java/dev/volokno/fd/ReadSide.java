package dev.volokno.fd;

import dev.volokno.CancelledException;
import dev.volokno.backend.ReadOperation;
import dev.volokno.backend.VectorOperation;
import dev.volokno.descriptor.Descriptor;
import dev.volokno.descriptor.Kind;
import dev.volokno.descriptor.Turns.Direction;
import dev.volokno.fiber.Deadline;
import dev.volokno.linux.Errno;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The one read side of a stream: whoever reads, by whatever method, comes through here, one after
 * the other.
 */
final class ReadSide {
    private static final int COPY_BUFFER = 64 * 1024;

    /** For bulk that only copies can move. */
    private static final int LARGE_BUFFER = 256 * 1024;

    /** A pipe's writer that is so fast may have more the next moment. */
    private static final int FAST = 4096;

    private final Descriptor descriptor;
    private final LeftOver leftOver = new LeftOver();
    private @Nullable ReadOperation operation;
    private @Nullable VectorOperation vector;

    ReadSide(Descriptor descriptor) {
        this.descriptor = descriptor;
    }

    int read(ByteBuffer target) throws IOException {
        descriptor.enter(Direction.READ);
        try {
            return readSome(target);
        } finally {
            descriptor.leave(Direction.READ);
        }
    }

    /** Reads into the first buffers that have room, as much as there is. */
    long read(ByteBuffer[] targets, int offset, int length) throws IOException {
        int end = offset + length;
        descriptor.enter(Direction.READ);
        try {
            if (!leftOver.isEmpty()) {
                return drainTo(targets, offset, end);
            }
            int first = nextWithRoom(targets, offset, end);
            if (first == end) {
                return 0;
            }
            return nextWithRoom(targets, first + 1, end) == end
                    ? readInto(targets[first])
                    : readInto(targets, first, end);
        } finally {
            descriptor.leave(Direction.READ);
        }
    }

    private static int nextWithRoom(ByteBuffer[] targets, int from, int end) {
        int next = from;
        while (next < end && !targets[next].hasRemaining()) {
            next++;
        }
        return next;
    }

    private long drainTo(ByteBuffer[] targets, int from, int end) {
        long total = 0;
        for (int i = from; i < end && !leftOver.isEmpty(); i++) {
            total += leftOver.drainTo(targets[i]);
        }
        return total;
    }

    private long readInto(ByteBuffer[] targets, int first, int end) throws IOException {
        VectorOperation read = vector().with(targets, first, end);
        try {
            long count = descriptor.read(read);
            read.finish(count);
            return count == 0 ? -1 : count;
        } finally {
            read.letGo();
        }
    }

    private VectorOperation vector() {
        VectorOperation known = vector;
        if (known == null || known.pending()) {
            known = VectorOperation.reading(descriptor.handle(), descriptor.isSocket());
            vector = known;
        }
        return known;
    }

    /** Reads what is there without a wait: 0 if nothing is, or another fiber is reading. */
    int tryRead(ByteBuffer target) throws IOException {
        if (!descriptor.tryEnter(Direction.READ)) {
            return 0;
        }
        try {
            return readNow(target);
        } finally {
            descriptor.leave(Direction.READ);
        }
    }

    private int readNow(ByteBuffer target) throws IOException {
        if (!leftOver.isEmpty() || !target.hasRemaining()) {
            return leftOver.drainTo(target);
        }
        return attemptInto(target);
    }

    /** Reads what there is: 0 if there is nothing, -1 at the end. */
    private int attemptInto(ByteBuffer target) throws IOException {
        ReadOperation once = operation().into(target);
        long result = descriptor.attempt(once);
        once.letGo();
        if (Errno.EAGAIN.is(result)) {
            return 0;
        }
        return advance(target, descriptor.check(once, descriptor.kind().meaningOfRead(result)));
    }

    /**
     * Moves or copies until the end, or {@code most} bytes are written; those that could not be are
     * left over.
     */
    long transferTo(WritableByteChannel target, long most) throws IOException {
        descriptor.enter(Direction.READ);
        long total = 0;
        try (var splice = new Splice(descriptor, target, leftOver)) {
            if (most == 0) {
                Descriptor.passBy();
            }
            long moved = 0;
            while (moved >= 0 && total < most) {
                long left = most - total;
                moved = leftOver.isEmpty() ? next(splice, left) : leftOver.writeTo(target, left);
                total += Math.max(0, moved);
            }
            return total;
        } catch (CancelledException e) {
            throw e.with(total + e.transferred());
        } finally {
            leftOver.shrink();
            descriptor.leave(Direction.READ);
        }
    }

    /** Moves more, or reads more to be written next, which is 0; -1 at the end. */
    private long next(Splice splice, long most) throws IOException {
        long moved = splice.pays() ? splice.move(most) : Splice.REFUSED;
        if (moved != Splice.REFUSED) {
            return moved;
        }
        boolean copies = !splice.isPossible();
        int room =
                (int) Math.min(copies && splice.hasCopiedBulk() ? LARGE_BUFFER : COPY_BUFFER, most);
        long count = fill(room);
        if (copies && descriptor.kind() == Kind.PIPE) {
            fillUp(count, room);
        }
        splice.copied(leftOver.size(), COPY_BUFFER);
        return count < 0 ? -1 : 0;
    }

    /**
     * Reads more than a pipe holds, if its writer is so fast: a write to a disk takes two changes
     * of threads, however much it writes.
     */
    private void fillUp(long first, int capacity) throws IOException {
        long count = first;
        while (count >= FAST && leftOver.size() < capacity) {
            count = fillNow(capacity);
        }
    }

    private long fillNow(int capacity) throws IOException {
        ByteBuffer room = leftOver.room(capacity);
        try {
            return attemptInto(room);
        } finally {
            leftOver.filled();
        }
    }

    void readFully(ByteBuffer target) throws IOException {
        descriptor.enter(Direction.READ);
        int start = target.position();
        try {
            while (target.hasRemaining()) {
                if (readSome(target) < 0) {
                    throw new EOFException(
                            descriptor
                                    + " ended after "
                                    + (target.position() - start)
                                    + " of "
                                    + (target.limit() - start)
                                    + " bytes");
                }
            }
        } catch (CancelledException e) {
            throw e.with((long) target.position() - start);
        } finally {
            descriptor.leave(Direction.READ);
        }
    }

    int readUntil(ByteBuffer target, byte delimiter) throws IOException {
        descriptor.enter(Direction.READ);
        try {
            int room = target.remaining();
            int end = leftOver.endOf(delimiter);
            if (end >= 0 || leftOver.size() >= room) {
                // Nothing is read, and who tries again after an exception does so for ever.
                Descriptor.passBy();
            }
            while (end < 0) {
                if (leftOver.size() >= room) {
                    throw new LineTooLongException(
                            descriptor + ": no delimiter in " + leftOver.size() + " bytes");
                }
                if (fill(room) < 0) {
                    return leftOver.isEmpty() ? -1 : leftOver.drainTo(target);
                }
                end = leftOver.endOf(delimiter);
            }
            if (end > room) {
                throw new LineTooLongException(
                        descriptor + ": " + end + " bytes up to the delimiter, room for " + room);
            }
            return leftOver.moveTo(target, end);
        } finally {
            descriptor.leave(Direction.READ);
        }
    }

    /** Reads until {@code gap} has passed without a byte; the end of the stream counts as well. */
    int readUntilSilence(ByteBuffer target, Duration gap) throws IOException {
        descriptor.enter(Direction.READ);
        try {
            int room = target.remaining();
            if (leftOver.size() > room) {
                Descriptor.passBy();
            }
            boolean more = !leftOver.isEmpty() || fill(room) >= 0;
            while (more) {
                if (leftOver.size() > room) {
                    throw new LineTooLongException(
                            descriptor + ": no silence of " + gap + " in " + room + " bytes");
                }
                // Room for one byte more than may come: it tells that the frame is too long.
                more = Deadline.tryWithin(gap, () -> fill(room + 1)).orElse(-1L) >= 0;
            }
            return leftOver.isEmpty() ? -1 : leftOver.drainTo(target);
        } finally {
            descriptor.leave(Direction.READ);
        }
    }

    /**
     * Reads more into the left-over, which is to be at most {@code capacity}; -1 at the end of the
     * stream.
     */
    private long fill(int capacity) throws IOException {
        ByteBuffer room = leftOver.room(capacity);
        try {
            return readInto(room);
        } finally {
            leftOver.filled();
        }
    }

    private int readSome(ByteBuffer target) throws IOException {
        if (leftOver.isEmpty() && target.hasRemaining()) {
            return readInto(target);
        }
        Descriptor.passBy();
        return leftOver.drainTo(target);
    }

    private int readInto(ByteBuffer target) throws IOException {
        ReadOperation read = operation().into(target);
        try {
            return advance(target, descriptor.read(read));
        } finally {
            read.letGo();
        }
    }

    private static int advance(ByteBuffer target, long count) {
        if (count == 0) {
            return -1;
        }
        target.position(target.position() + (int) count);
        return (int) count;
    }

    private ReadOperation operation() {
        ReadOperation known = operation;
        // One that is still pending was left behind by a fiber that ran out of stack.
        if (known == null || known.pending()) {
            known = new ReadOperation(descriptor.handle(), descriptor.isSocket());
            operation = known;
        }
        return known;
    }

    /** Takes the left-over bytes out. */
    byte[] drain() throws IOException {
        descriptor.enter(Direction.READ);
        try {
            var bytes = new byte[leftOver.size()];
            leftOver.drainTo(ByteBuffer.wrap(bytes));
            return bytes;
        } finally {
            descriptor.leave(Direction.READ);
        }
    }

    /** How many bytes are left over; exact while nobody reads. */
    int buffered() {
        return leftOver.size();
    }
}
