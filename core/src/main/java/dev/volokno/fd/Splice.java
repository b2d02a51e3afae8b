package dev.volokno.fd;

import dev.volokno.CancelledException;
import dev.volokno.SystemCallException;
import dev.volokno.backend.Handle;
import dev.volokno.backend.PollOperation;
import dev.volokno.backend.ReadOperation;
import dev.volokno.backend.SpliceOperation;
import dev.volokno.descriptor.Descriptor;
import dev.volokno.descriptor.Kind;
import dev.volokno.descriptor.Turns.Direction;
import dev.volokno.engine.Engine;
import dev.volokno.linux.Errno;
import dev.volokno.linux.Poll;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import org.jspecify.annotations.Nullable;

/**
 * The way from one stream to another within the kernel (splice(2)), if there is one: between a pipe
 * and a socket or another pipe directly, between two sockets by a pipe of its own. Whoever moves
 * has the source's reading turn.
 *
 * <p>What is in the pipe between when the target fails, or the wait for it is cancelled, is taken
 * back and left over.
 */
final class Splice implements Closeable {
    /** The kernel does not move these bytes: they have to be copied. */
    static final long REFUSED = -2;

    private static final long END = -1;

    /** What a pipe holds. */
    private static final int CHUNK = 64 * 1024;

    /** Whoever moves less at a time is better off with copies. */
    private static final int ENOUGH = CHUNK / 4;

    private final Descriptor source;
    private final @Nullable Descriptor target;
    private final LeftOver leftOver;

    private boolean refused;
    private boolean bulk;
    private boolean copiedBulk;
    private @Nullable Pipe between;

    Splice(Descriptor source, WritableByteChannel target, LeftOver leftOver) {
        this.source = source;
        this.leftOver = leftOver;
        this.target = target instanceof ByteStream stream ? stream.fd().descriptor() : null;
        refused = this.target == null || !fits(source) || !fits(this.target);
    }

    private static boolean fits(Descriptor side) {
        boolean known = side.kind() == Kind.SOCKET || side.kind() == Kind.PIPE;
        return known && !side.handle().isShared();
    }

    /** So much was read to be copied: {@code room} bytes or more promise more. */
    void copied(long count, int room) {
        bulk = count >= room;
        copiedBulk |= bulk;
    }

    /** Whether bulk has come that way. */
    boolean hasCopiedBulk() {
        return copiedBulk;
    }

    /** Whether the next bytes are better moved than copied, as far as one can tell. */
    boolean pays() {
        return bulk && !refused;
    }

    /** Whether the kernel may move the bytes, as far as one can tell. */
    boolean isPossible() {
        return !refused;
    }

    /** Moves some bytes, at least one: how many; {@link #END}, or {@link #REFUSED}. */
    long move(long most) throws IOException {
        Descriptor to = target;
        if (to == null) {
            return REFUSED;
        }
        boolean direct = source.kind() == Kind.PIPE || to.kind() == Kind.PIPE;
        long count = Math.min(CHUNK, most);
        long moved = direct ? directly(to, count) : throughPipe(to, count);
        refused |= moved == REFUSED;
        bulk = moved >= ENOUGH;
        return moved;
    }

    /** The target's turn is taken only when there is something for it. */
    private long directly(Descriptor to, long most) throws IOException {
        var splice = SpliceOperation.writing(source.handle(), to.handle());
        long moved = SpliceOperation.OTHER_NOT_READY;
        while (moved == SpliceOperation.OTHER_NOT_READY) {
            source.perform(new PollOperation(source.handle(), Poll.POLLIN));
            moved = write(to, splice.atMost(most));
        }
        return moved == 0 ? END : moved;
    }

    private long write(Descriptor to, SpliceOperation splice) throws IOException {
        to.enter(Direction.WRITE);
        try {
            long result = to.engine().perform(splice);
            boolean ofTarget = Errno.EPIPE.is(result) || Errno.ECANCELED.is(result);
            boolean ofSource = source.isSocket() && to.kind() == Kind.PIPE && !ofTarget;
            return checked(ofSource ? source : to, splice, result);
        } finally {
            to.leave(Direction.WRITE);
        }
    }

    private static long checked(Descriptor side, SpliceOperation splice, long result)
            throws IOException {
        return Errno.EINVAL.is(result) ? REFUSED : side.check(splice, result);
    }

    private long throughPipe(Descriptor to, long most) throws IOException {
        Pipe pipe = pipe();
        if (pipe == null) {
            return REFUSED;
        }
        var splice = SpliceOperation.reading(source.handle(), handle(pipe.sink())).atMost(most);
        long filled = checked(source, splice, source.engine().perform(splice));
        if (filled <= 0) {
            return filled == 0 ? END : filled;
        }
        return empty(pipe, to, filled);
    }

    /** Moves what is in the pipe on: how much; the rest is left over. */
    private long empty(Pipe pipe, Descriptor to, long filled) throws IOException {
        var splice = SpliceOperation.writing(handle(pipe.source()), to.handle());
        long moved = 0;
        try {
            while (moved < filled && !refused) {
                long count = write(to, splice.atMost(filled - moved));
                refused = count == REFUSED;
                moved += Math.max(0, count);
            }
            return moved;
        } catch (CancelledException e) {
            throw e.with(moved);
        } finally {
            takeBack(pipe, filled - moved);
        }
    }

    private static Handle handle(ByteStream end) {
        return end.fd().descriptor().handle();
    }

    private void takeBack(Pipe pipe, long count) throws IOException {
        if (count == 0) {
            return;
        }
        Descriptor end = pipe.source().fd().descriptor();
        ByteBuffer room = leftOver.room(CHUNK);
        while (room.position() < count) {
            ReadOperation read = new ReadOperation(end.handle(), false).into(room);
            room.position(room.position() + (int) end.check(read, end.attempt(read)));
        }
        leftOver.filled();
    }

    /** The pipe between; none if the process may not open one. */
    private @Nullable Pipe pipe() throws IOException {
        if (between == null && Engine.current() != null) {
            try {
                between = Pipe.open();
            } catch (SystemCallException noDescriptor) {
                between = null;
            }
        }
        return between;
    }

    @Override
    public void close() throws IOException {
        Pipe pipe = between;
        if (pipe != null) {
            pipe.close();
        }
    }
}
