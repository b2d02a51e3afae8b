package dev.volokno.file;

import dev.volokno.CancelledException;
import dev.volokno.backend.FileMedium;
import dev.volokno.backend.FileTransfer;
import dev.volokno.descriptor.Descriptor;
import java.io.IOException;
import java.nio.ByteBuffer;
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
                more = place % medium.alignment() == 0 || before == start;
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
                    throw new IOException(descriptor + " takes no bytes and says no reason");
                }
            }
        } catch (CancelledException e) {
            throw e.with((long) source.position() - start);
        }
        return source.position() - start;
    }

    private void move(boolean writing, ByteBuffer buffer, long position) throws IOException {
        descriptor.enter();
        FileTransfer transfer = take(writing).begin(buffer, position);
        long result = -1;
        try {
            result = descriptor.perform(transfer);
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
