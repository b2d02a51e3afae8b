package dev.volokno.file;

import dev.volokno.CancelledException;
import dev.volokno.SystemCallException;
import dev.volokno.backend.DirectOperation;
import dev.volokno.backend.PollOperation;
import dev.volokno.descriptor.Descriptor;
import dev.volokno.descriptor.Turns.Direction;
import dev.volokno.fd.ByteStream;
import dev.volokno.linux.Errno;
import dev.volokno.linux.Memory;
import dev.volokno.linux.Poll;
import dev.volokno.linux.SysIoctl;
import dev.volokno.linux.SysSendfile;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/** Bytes from file to file, and between files and streams, by the cheapest way that works. */
final class FileCopy {
    /** So much in one call: a cancellation waits no longer than for that. */
    private static final long PIECE = 8 * 1024 * 1024;

    /** Less than this is sooner read and written. */
    private static final int SMALL = 64 * 1024;

    private static final int BUFFER = 256 * 1024;

    private FileCopy() {}

    static long copyAll(RegularFile source, RegularFile target) throws IOException {
        if (clone(source.fd().descriptor(), target.fd().descriptor())) {
            return source.size();
        }
        return copy(source, target, 0, Long.MAX_VALUE);
    }

    /** Shares the blocks of two files; false if their file system does not. */
    private static boolean clone(Descriptor source, Descriptor target) throws IOException {
        long result =
                DiskCall.on(
                        source,
                        target,
                        "ioctl(FICLONE)",
                        (errno, from, to) -> {
                            long cloned = SysIoctl.ioctl(errno, to, SysIoctl.FICLONE, from);
                            return cloned < 0 ? 1 : 0;
                        });
        return result == 0;
    }

    static long copy(RegularFile source, RegularFile target, long from, long length)
            throws IOException {
        var copy = new KernelCopy(from, length);
        try {
            if (copy.run(source.fd().descriptor(), target.fd().descriptor())) {
                return copy.done();
            }
        } catch (CancelledException e) {
            copy.stop();
            throw e.with(copy.done());
        }
        long done = copy.done();
        return done + copyByHand(source, target, from + done, length - done);
    }

    private static long copyByHand(RegularFile source, RegularFile target, long from, long length)
            throws IOException {
        ByteBuffer buffer = source.directBuffer(BUFFER);
        long done = 0;
        try {
            while (done < length) {
                buffer.clear().limit((int) Math.min(BUFFER, length - done));
                if (source.read(buffer, from + done) < 0) {
                    break;
                }
                done += target.write(buffer.flip(), from + done);
            }
            return done;
        } catch (CancelledException e) {
            throw e.with(done);
        }
    }

    // ---- streams

    static long send(RegularFile file, WritableByteChannel target, long from, long length)
            throws IOException {
        long sent = 0;
        try {
            if (target instanceof ByteStream stream && length > SMALL && isForKernel(stream)) {
                sent = sendInKernel(file, stream, from, length);
                boolean ended = sent > 0 && from + sent >= file.size();
                if (sent >= length || ended) {
                    return sent;
                }
            }
            return sent + sendByHand(file, target, from + sent, length - sent);
        } catch (CancelledException e) {
            throw e.with(sent + e.transferred());
        }
    }

    /**
     * sendfile(2) into a pipe holds the pipe's lock while it waits for the disk, and a loop that
     * reads the pipe would wait for that lock. A description that is shared with others may block
     * the call.
     */
    private static boolean isForKernel(ByteStream stream) {
        Descriptor target = stream.fd().descriptor();
        return target.isSocket() && !target.handle().isShared();
    }

    /** As far as the kernel does it, and the file goes. */
    private static long sendInKernel(RegularFile file, ByteStream stream, long from, long length)
            throws IOException {
        Descriptor target = stream.fd().descriptor();
        long sent = 0;
        target.enter(Direction.WRITE);
        try {
            long count = 1;
            while (count != 0 && sent < length) {
                count = sendPiece(file, target, from + sent, Math.min(PIECE, length - sent));
                if (count == Long.MAX_VALUE) {
                    target.perform(new PollOperation(target.handle(), Poll.POLLOUT));
                } else {
                    sent += count;
                }
            }
            return sent;
        } catch (CancelledException e) {
            throw e.with(sent);
        } finally {
            target.leave(Direction.WRITE);
        }
    }

    /** How many bytes were taken: 0 at the end or if it cannot be; MAX_VALUE: wait for room. */
    private static long sendPiece(RegularFile file, Descriptor target, long at, long length)
            throws IOException {
        int to = target.number();
        Descriptor from = file.fd().descriptor();
        try {
            // Not to be left behind: it writes where the next writer would.
            return from.performAlone(
                    DirectOperation.onDisk(
                            from.handle(),
                            "sendfile",
                            (errno, number) -> {
                                try (Arena arena = Arena.ofConfined()) {
                                    long offset = arena.allocate(Long.BYTES, Long.BYTES).address();
                                    Memory.putLong(offset, at);
                                    long result =
                                            SysSendfile.sendfile(errno, to, number, offset, length);
                                    return Errno.EAGAIN.is(result) ? Long.MAX_VALUE : result;
                                }
                            }));
        } catch (SystemCallException e) {
            if (e.errno().equals("EINVAL") || e.errno().equals("ENOSYS")) {
                return 0;
            }
            throw e;
        }
    }

    private static long sendByHand(
            RegularFile file, WritableByteChannel target, long from, long length)
            throws IOException {
        ByteBuffer buffer = file.directBuffer(Math.clamp(length, 1, BUFFER));
        long sent = 0;
        try {
            while (sent < length) {
                buffer.clear().limit((int) Math.min(buffer.capacity(), length - sent));
                if (file.read(buffer, from + sent) < 0) {
                    break;
                }
                buffer.flip();
                while (buffer.hasRemaining()) {
                    sent += target.write(buffer);
                }
            }
            return sent;
        } catch (CancelledException e) {
            throw e.with(sent + e.transferred());
        }
    }

    static long receive(RegularFile file, ReadableByteChannel source, long to, long length)
            throws IOException {
        if (source instanceof ByteStream stream && !file.isDirect()) {
            return stream.transferTo(new Place(file, to), length);
        }
        ByteBuffer buffer = file.directBuffer(BUFFER);
        long done = 0;
        try {
            while (done < length) {
                buffer.clear().limit((int) Math.min(BUFFER, length - done));
                if (source.read(buffer) < 0) {
                    break;
                }
                done += file.write(buffer.flip(), to + done);
            }
            return done;
        } catch (CancelledException e) {
            throw e.with(done + e.transferred());
        }
    }

    /** Where the next bytes go. */
    private static final class Place implements WritableByteChannel {
        private final RegularFile file;
        private long next;

        Place(RegularFile file, long first) {
            this.file = file;
            next = first;
        }

        @Override
        public int write(ByteBuffer source) throws IOException {
            int count = file.write(source, next);
            next += count;
            return count;
        }

        @Override
        public boolean isOpen() {
            return file.isOpen();
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
