package dev.volokno.file;

import dev.volokno.SystemCallException;
import dev.volokno.backend.FileMedium;
import dev.volokno.descriptor.Descriptor;
import dev.volokno.descriptor.Turns.Direction;
import dev.volokno.fd.Fd;
import dev.volokno.linux.Fcntl;
import dev.volokno.linux.Unistd;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.GatheringByteChannel;
import java.nio.channels.ScatteringByteChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.Objects;

/**
 * An open regular file, or block device. Every method that touches the disk parks the calling fiber
 * until it is done, and the loop goes on: what is in the page cache is read at once, the rest by
 * the ring or by a thread for files.
 *
 * <p><b>Places.</b> The methods with a position move nothing but the bytes, and any number of them
 * may be in progress at the same time. Those without one use this object's own position, one after
 * the other. It is kept here and not in the kernel, so it is shared with nobody.
 *
 * <p><b>Cancellation.</b> A cancelled read has read nothing beyond what the buffer and {@link
 * dev.volokno.CancelledException#transferred} tell. A cancelled write may have happened, wholly, in
 * part or not at all, and may still happen: a disk is not told to stop. With a heap buffer the
 * fiber goes on at once, and the file stays open until the disk has answered; with a direct buffer,
 * which the disk may be reading, it waits for that.
 */
public final class RegularFile
        implements SeekableByteChannel, ScatteringByteChannel, GatheringByteChannel {
    /** The position of one who has just appended is the end, wherever that is. */
    private static final long AT_END = -1;

    private final Fd fd;
    private final Descriptor descriptor;
    private final FileBytes bytes;
    private final Durability durability;
    private final boolean appending;
    private final int directAlignment;
    private volatile long position;

    RegularFile(
            Descriptor descriptor, OpenOptions options, FileMedium medium, int directAlignment) {
        this.descriptor = descriptor;
        this.directAlignment = directAlignment;
        fd = new Fd(descriptor);
        bytes = new FileBytes(descriptor, medium);
        durability = new Durability(descriptor);
        appending = options.appends();
    }

    /**
     * Opens a file on the current loop. Parks.
     *
     * @param options {@link java.nio.file.StandardOpenOption}s; none: for reading
     * @throws java.nio.file.NoSuchFileException if it is not there and is not to be made
     * @throws java.nio.file.FileAlreadyExistsException if it is there and is to be made anew
     * @throws java.nio.file.AccessDeniedException if it may not be opened so
     * @throws java.nio.file.FileSystemException for any other reason; its cause names the errno
     */
    public static RegularFile open(Path path, OpenOption... options) throws IOException {
        return FileOpening.open(path, OpenOptions.of(options));
    }

    /**
     * Opens a file on the current loop, with all that Linux offers. Parks.
     *
     * @throws java.nio.file.AccessDeniedException also if the path leaves the directory that it is
     *     to stay {@linkplain OpenOptions#beneath beneath}
     */
    public static RegularFile open(Path path, OpenOptions options) throws IOException {
        return FileOpening.open(path, options);
    }

    /**
     * Opens a new file without a name, for reading and writing, on the file system of {@code
     * directory}. It vanishes when it is closed, unless it is given a name by {@link #linkAs}.
     * Parks.
     *
     * @throws java.nio.file.FileSystemException caused by {@code EOPNOTSUPP} if that file system
     *     has no such files
     */
    public static RegularFile openTemporary(Path directory) throws IOException {
        return FileOpening.open(directory, OpenOptions.readWrite().nameless());
    }

    /** Gives a file without a name its first one (linkat(2)); it stays open. */
    public void linkAs(Path path) throws IOException {
        Naming.link(descriptor, path);
    }

    // ---- at a place

    /**
     * Reads from {@code from} on: fills the buffer, unless the file ends before.
     *
     * @return how many bytes; -1 if the file has none there; 0 only if the buffer has no room
     */
    public int read(ByteBuffer target, long from) throws IOException {
        return bytes.read(writable(target), place(from));
    }

    /**
     * Fills the buffer from {@code from} on.
     *
     * @throws EOFException if the file ends before; what it has is in the buffer
     */
    public void readFully(ByteBuffer target, long from) throws IOException {
        int room = target.remaining();
        read(target, from);
        if (target.hasRemaining()) {
            int got = room - target.remaining();
            throw new EOFException(
                    "%s ends %d bytes after %d; %d were asked for"
                            .formatted(this, got, from, room));
        }
    }

    /**
     * Writes all that remains in the buffer, from {@code to} on; of a file that is open for
     * appending, at its end. The buffer's position tells how far it got if the disk fills up
     * ({@code ENOSPC}), a quota ({@code EDQUOT}) or the largest size ({@code EFBIG}) is reached.
     *
     * @return how many bytes that were
     */
    public int write(ByteBuffer source, long to) throws IOException {
        return bytes.write(source, place(to));
    }

    // ---- at the position

    /** Reads from the position on, which moves; see {@link #read(ByteBuffer, long)}. */
    @Override
    public int read(ByteBuffer target) throws IOException {
        writable(target);
        descriptor.enter(Direction.READ);
        int start = target.position();
        long from = here();
        try {
            return bytes.read(target, from);
        } finally {
            position = from + target.position() - start;
            descriptor.leave(Direction.READ);
        }
    }

    @Override
    public long read(ByteBuffer[] targets) throws IOException {
        return read(targets, 0, targets.length);
    }

    /** Fills the buffers one after the other from the position on, which moves. */
    @Override
    public long read(ByteBuffer[] targets, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, targets.length);
        long total = 0;
        for (int i = offset; i < offset + length; i++) {
            int count = read(targets[i]);
            if (count < 0) {
                return total == 0 ? -1 : total;
            }
            total += count;
        }
        return total;
    }

    /** Writes at the position, which moves; see {@link #write(ByteBuffer, long)}. */
    @Override
    public int write(ByteBuffer source) throws IOException {
        descriptor.enter(Direction.READ);
        int start = source.position();
        long to = appending ? 0 : here();
        try {
            return bytes.write(source, to);
        } finally {
            position = appending ? AT_END : to + source.position() - start;
            descriptor.leave(Direction.READ);
        }
    }

    @Override
    public long write(ByteBuffer[] sources) throws IOException {
        return write(sources, 0, sources.length);
    }

    /** Writes the buffers one after the other at the position, which moves. */
    @Override
    public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, sources.length);
        long total = 0;
        for (int i = offset; i < offset + length; i++) {
            total += write(sources[i]);
        }
        return total;
    }

    @Override
    public long position() throws IOException {
        return here();
    }

    /** Moves the position; it may lie behind the end. */
    @Override
    public RegularFile position(long moved) throws IOException {
        place(moved);
        descriptor.enter(Direction.READ);
        position = moved;
        descriptor.leave(Direction.READ);
        return this;
    }

    private long here() throws IOException {
        long known = position;
        return known == AT_END ? size() : known;
    }

    // ---- the size

    @Override
    public long size() throws IOException {
        return status().size();
    }

    /**
     * Cuts the file off, if it is longer. Behind its new end the position moves to it.
     *
     * @throws SystemCallException with {@code EINVAL} if it is not open for writing
     */
    @Override
    public RegularFile truncate(long size) throws IOException {
        place(size);
        descriptor.enter(Direction.READ);
        try {
            if (size < size()) {
                resize(size);
            }
            if (position > size) {
                position = size;
            }
        } finally {
            descriptor.leave(Direction.READ);
        }
        return this;
    }

    /** Makes the file as long as this: cuts it off, or adds a hole that reads as zeros. */
    public void resize(long size) throws IOException {
        place(size);
        DiskCall.on(
                descriptor, "ftruncate", (errno, number) -> Unistd.ftruncate(errno, number, size));
    }

    /** What statx(2) tells of it. */
    public FileStatus status() throws IOException {
        return FileStatus.of(descriptor);
    }

    // ---- the disk

    /**
     * What buffers, places and lengths have to be multiples of if the file is open for {@linkplain
     * OpenOptions#direct direct} transfers: what statx(2) tells since Linux 6.1, a block of the
     * file system before.
     */
    public int directAlignment() {
        return directAlignment;
    }

    /** A buffer for direct transfers, of {@code size} bytes. */
    public ByteBuffer directBuffer(int size) {
        ByteBuffer room = ByteBuffer.allocateDirect(Math.addExact(size, directAlignment));
        return room.alignedSlice(directAlignment).slice(0, size);
    }

    /**
     * Waits until the data and the metadata are on the device (fsync(2)). A failure is final: it is
     * thrown again by this and the other two, however often they are called, because the kernel
     * forgets it after the first time although the data is lost. A new file's name is durable when
     * its directory is synchronized too ({@link Directories#sync}).
     */
    public void sync() throws IOException {
        durability.sync("fsync", Unistd::fsync);
    }

    /** Waits until the data, and what is needed to read it, are on the device (fdatasync(2)). */
    public void dataSync() throws IOException {
        durability.sync("fdatasync", Unistd::fdatasync);
    }

    /**
     * Waits until the pages of a range are written (sync_file_range(2)): no metadata, and no flush
     * of the device's own cache, so nothing is durable by it; it spreads the work of a later {@link
     * #sync}.
     *
     * @param length 0: to the end
     */
    public void writeBack(long from, long length) throws IOException {
        int flags =
                Fcntl.SYNC_FILE_RANGE_WAIT_BEFORE
                        | Fcntl.SYNC_FILE_RANGE_WRITE
                        | Fcntl.SYNC_FILE_RANGE_WAIT_AFTER;
        durability.sync(
                "sync_file_range",
                (errno, number) -> Fcntl.syncFileRange(errno, number, from, length, flags));
    }

    // ---- life

    /** The descriptor. */
    public Fd fd() {
        return fd;
    }

    @Override
    public boolean isOpen() {
        return fd.isOpen();
    }

    /**
     * Closes it; see {@link Fd#close}. What was written is not on the disk by that: see {@link
     * #sync}. Waits for transfers that cancelled fibers have left behind.
     */
    @Override
    public void close() throws IOException {
        fd.close();
    }

    @Override
    public String toString() {
        return fd.toString();
    }

    private static long place(long position) {
        if (position < 0) {
            throw new IllegalArgumentException("no place in a file: " + position);
        }
        return position;
    }

    private static ByteBuffer writable(ByteBuffer target) {
        if (target.isReadOnly()) {
            throw new IllegalArgumentException("cannot read into a read-only buffer: " + target);
        }
        return target;
    }
}
