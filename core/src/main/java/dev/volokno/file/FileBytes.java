package dev.volokno.file;

import dev.volokno.CancelledException;
import dev.volokno.backend.FileMedium;
import dev.volokno.backend.FileTransfer;
import dev.volokno.descriptor.Descriptor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A file's bytes, at places: many may read and write at the same time. */
final class FileBytes {
    /** So many requests are kept for the next ones. */
    private static final int SPARE = 64;

    private final Descriptor descriptor;
    private final FileMedium medium;

    /** The last one that was used; mostly it is the next one too, and no lock is needed. */
    private final AtomicReference<@Nullable FileTransfer> read = new AtomicReference<>();

    private final AtomicReference<@Nullable FileTransfer> write = new AtomicReference<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final ArrayDeque<FileTransfer> reads = new ArrayDeque<>(1);
    private final ArrayDeque<FileTransfer> writes = new ArrayDeque<>(1);

    FileBytes(Descriptor descriptor, FileMedium medium) {
        this.descriptor = descriptor;
        this.medium = medium;
    }

    boolean isDirect() {
        return medium.alignment() > 1;
    }

    /** Fills the buffer from {@code position} on, as far as the file goes; -1 behind its end. */
    int read(ByteBuffer target, long position) throws IOException {
        int start = target.position();
        if (!target.hasRemaining()) {
            return 0;
        }
        try {
            boolean more = true;
            while (more && target.hasRemaining()) {
                int before = target.position();
                long place = position + before - start;
                // Where direct I/O comes to an uneven place, the file has ended.
                more = before == start || place % medium.alignment() == 0;
                if (more) {
                    move(false, target, place);
                    more = target.position() > before;
                }
            }
        } catch (CancelledException e) {
            throw e.with((long) target.position() - start);
        }
        int count = target.position() - start;
        return count == 0 ? -1 : count;
    }

    /** Writes all of it. */
    int write(ByteBuffer source, long position) throws IOException {
        int start = source.position();
        try {
            while (source.hasRemaining()) {
                int before = source.position();
                move(true, source, position + before - start);
                if (source.position() == before) {
                    throw takesNone();
                }
            }
        } catch (CancelledException e) {
            throw e.with((long) source.position() - start);
        }
        return source.position() - start;
    }

    /** Fills the buffers one after the other, as far as the file goes; -1 behind its end. */
    long read(Buffers targets, long position) throws IOException {
        long done = 0;
        try {
            for (Buffers left = targets.left(); !left.isEmpty(); left = left.left()) {
                // Where direct I/O comes to an uneven place, the file has ended.
                boolean ended = done > 0 && (position + done) % medium.alignment() != 0;
                long count = ended ? 0 : move(false, left, position + done);
                if (count == 0) {
                    return done == 0 ? -1 : done;
                }
                done += count;
            }
        } catch (CancelledException e) {
            throw e.with(done);
        }
        return done;
    }

    /** Writes all of them, one after the other. */
    long write(Buffers sources, long position) throws IOException {
        long done = 0;
        try {
            for (Buffers left = sources.left(); !left.isEmpty(); left = left.left()) {
                long count = move(true, left, position + done);
                if (count == 0) {
                    throw takesNone();
                }
                done += count;
            }
        } catch (CancelledException e) {
            throw e.with(done);
        }
        return done;
    }

    private IOException takesNone() {
        return new IOException(descriptor + " takes no bytes and says no reason");
    }

    private void move(boolean writing, ByteBuffer buffer, long position) throws IOException {
        perform(writing, take(writing).begin(buffer, position));
    }

    private long move(boolean writing, Buffers buffers, long position) throws IOException {
        return perform(writing, buffers.begin(take(writing), position));
    }

    private long perform(boolean writing, FileTransfer transfer) throws IOException {
        long result = -1;
        try {
            descriptor.enter();
        } catch (ClosedChannelException e) {
            transfer.end(result);
            throw e;
        }
        try {
            result = descriptor.perform(transfer);
            return result;
        } finally {
            transfer.end(result);
            if (!transfer.isLeftBehind()) {
                giveBack(writing, transfer);
                descriptor.leave();
            }
        }
    }

    private FileTransfer take(boolean writing) {
        @Nullable FileTransfer known = (writing ? write : read).getAndSet(null);
        if (known == null) {
            known = takeSpare(writing);
        }
        if (known != null) {
            return known;
        }
        return writing
                ? FileTransfer.writing(descriptor.handle(), medium, descriptor::leave)
                : FileTransfer.reading(descriptor.handle(), medium, descriptor::leave);
    }

    private @Nullable FileTransfer takeSpare(boolean writing) {
        lock.lock();
        try {
            return (writing ? writes : reads).pollLast();
        } finally {
            lock.unlock();
        }
    }

    private void giveBack(boolean writing, FileTransfer transfer) {
        // One that is still pending was left to the kernel by a fiber that ran out of stack.
        if (transfer.pending() || (writing ? write : read).compareAndSet(null, transfer)) {
            return;
        }
        lock.lock();
        try {
            ArrayDeque<FileTransfer> spare = writing ? writes : reads;
            if (spare.size() < SPARE) {
                spare.addLast(transfer);
            }
        } finally {
            lock.unlock();
        }
    }
}
