package dev.volokno.backend;

import dev.volokno.linux.Errno;
import dev.volokno.linux.IoUring;
import dev.volokno.linux.Memory;
import dev.volokno.linux.SysUio;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * preadv2(2) or pwritev2(2) at a place of a file, of one buffer or of many. What the page cache has
 * is moved at once; what would wait for a disk is completed by a ring where that needs no thread of
 * the kernel's (reads, and direct I/O), and by a call on another thread else.
 *
 * <p>The kernel and other threads get the user's buffer only if nobody can free it meanwhile; a
 * copy is made of any other. A call on another thread with a copy can be left behind.
 */
public final class FileTransfer extends Operation {
    /** A copy of more than this holds up the loop's other fibers too long. */
    private static final int AT_ONCE = 1024 * 1024;

    private final FileMedium medium;
    private final boolean writing;
    private final Runnable whenUnawaited;
    private final UserBuffer user = new UserBuffer();

    /** Of many buffers, made when there are some. */
    private @Nullable BufferVector vector;

    /** One buffer; null: those of the vector. */
    private @Nullable ByteBuffer buffer;

    private @Nullable Staging staging;
    private long address;
    private int length;
    private long offset;

    private FileTransfer(
            Handle handle, FileMedium medium, boolean writing, Runnable whenUnawaited) {
        super(handle);
        this.medium = medium;
        this.writing = writing;
        this.whenUnawaited = whenUnawaited;
    }

    /**
     * Reads.
     *
     * @param whenUnawaited runs when it has ended and nobody waited for that any more
     */
    public static FileTransfer reading(Handle handle, FileMedium medium, Runnable whenUnawaited) {
        return new FileTransfer(handle, medium, false, whenUnawaited);
    }

    /** Writes. */
    public static FileTransfer writing(Handle handle, FileMedium medium, Runnable whenUnawaited) {
        return new FileTransfer(handle, medium, true, whenUnawaited);
    }

    /**
     * Sets what is moved, the buffer's remaining bytes or as many of them as go at a time, and
     * where in the file; {@link #end} must follow.
     */
    public FileTransfer begin(ByteBuffer with, long at) {
        user.hold(with);
        buffer = with;
        offset = at;
        if (user.lasting()) {
            address = user.address();
            length = user.length();
            return this;
        }
        Staging copy = Staging.of(user.length());
        staging = copy;
        address = copy.address();
        length = Math.min(user.length(), copy.capacity());
        if (writing) {
            ByteBuffer source = with.slice(with.position(), length);
            MemorySegment.copy(
                    MemorySegment.ofBuffer(source), 0, copy.memory(), 0, source.remaining());
        }
        return this;
    }

    /** The same with as many of the buffers as go at a time, one at least that is not empty. */
    public FileTransfer begin(ByteBuffer[] buffers, int from, int end, long at) {
        BufferVector many = vector;
        if (many == null) {
            many = new BufferVector(!writing);
            vector = many;
        }
        many.take(buffers, from, end, AT_ONCE);
        length = (int) many.total();
        offset = at;
        return this;
    }

    /** The wait has ended: moves the buffers' positions over the bytes that were moved, if any. */
    public void end(long result) {
        if (isLeftBehind() || pending()) {
            // What the kernel still has is not touched.
            return;
        }
        ByteBuffer moved = buffer;
        if (moved == null) {
            vector().finish(result);
        } else if (result > 0) {
            advance(moved, (int) result);
        }
        letGo();
    }

    private BufferVector vector() {
        BufferVector many = vector;
        assert many != null;
        return many;
    }

    private void advance(ByteBuffer moved, int count) {
        Staging copy = staging;
        if (copy != null && !writing) {
            ByteBuffer target = moved.slice(moved.position(), count);
            MemorySegment.copy(copy.memory(), 0, MemorySegment.ofBuffer(target), 0, count);
        }
        moved.position(moved.position() + count);
    }

    private void letGo() {
        if (buffer == null) {
            vector().letGo();
            return;
        }
        Staging copy = staging;
        if (copy != null) {
            copy.free();
        }
        staging = null;
        buffer = null;
        user.letGo();
    }

    @Override
    public String call() {
        return writing ? "pwrite" : "pread";
    }

    @Override
    public long attempt(MemorySegment errno) {
        if (medium.memory) {
            return transfer(errno, Math.min(length, AT_ONCE), 0);
        }
        if (medium.direct || !(writing ? medium.writesAtOnce : medium.readsAtOnce)) {
            return WOULD_BLOCK;
        }
        long result = transfer(errno, Math.min(length, AT_ONCE), SysUio.RWF_NOWAIT);
        if (!Errno.EOPNOTSUPP.is(result)) {
            return result;
        }
        if (writing) {
            medium.writesAtOnce = false;
        } else {
            medium.readsAtOnce = false;
        }
        return WOULD_BLOCK;
    }

    @Override
    public long callBlocking(MemorySegment errno) {
        long result = transfer(errno, length, 0);
        while (Errno.EINTR.is(result)) {
            result = transfer(errno, length, 0);
        }
        return result;
    }

    private long transfer(MemorySegment errno, int bytes, int flags) {
        if (buffer == null) {
            return transfer(errno, vector().address(), vector().count(), flags);
        }
        long place = Kernel.scratch(errno);
        SysUio.putIovec(place, address, bytes);
        return transfer(errno, place, 1, flags);
    }

    private long transfer(MemorySegment errno, long places, int count, int flags) {
        return writing
                ? SysUio.pwritev2(errno, number(), places, count, offset, flags)
                : SysUio.preadv2(errno, number(), places, count, offset, flags);
    }

    @Override
    public long requested() {
        return length;
    }

    @Override
    public boolean offloads() {
        return true;
    }

    @Override
    public Pool pool() {
        return Pool.FILES;
    }

    @Override
    public void shorten(int longest) {
        if (medium.direct) {
            return;
        }
        length = Math.min(length, longest);
        if (buffer == null) {
            vector().shorten(longest);
        }
    }

    @Override
    boolean encodable() {
        return medium.direct || (!writing && medium.readsAtOnce);
    }

    @Override
    boolean isForDevice() {
        return true;
    }

    @Override
    void encode(long entry) {
        if (buffer == null) {
            Sqe.begin(entry, writing ? IoUring.OP_WRITEV : IoUring.OP_READV, number());
            Sqe.memory(entry, vector().address(), vector().count());
        } else {
            Sqe.begin(entry, writing ? IoUring.OP_WRITE : IoUring.OP_READ, number());
            Sqe.memory(entry, address, length);
        }
        Memory.putLong(entry + IoUring.SQE_OFF, offset);
    }

    @Override
    public boolean canBeLeftBehind() {
        return buffer == null ? vector().isAllStaged() : staging != null;
    }

    @Override
    protected void endedUnawaited(long result) {
        letGo();
        whenUnawaited.run();
    }
}
