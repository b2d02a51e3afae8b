package dev.volokno.file;

import dev.volokno.SystemCallException;
import dev.volokno.backend.FileMedium;
import dev.volokno.descriptor.Descriptor;
import dev.volokno.descriptor.Turns.Direction;
import dev.volokno.fd.Fd;
import dev.volokno.linux.Errno;
import dev.volokno.linux.Fcntl;
import dev.volokno.linux.Unistd;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.GatheringByteChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.ScatteringByteChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

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

    /**
     * Opens a new file in memory, for reading and writing (memfd_create(2)); it vanishes when it is
     * closed. Its pages can be {@linkplain #seal sealed}, for whoever gets the descriptor. Parks.
     *
     * @param name what /proc calls it; need not be unique
     */
    public static RegularFile openInMemory(String name) throws IOException {
        return Naming.inMemory(name);
    }

    /**
     * Forbids changes for good, by anybody (F_ADD_SEALS, fcntl(2)); of a file in memory only.
     *
     * @throws SystemCallException with {@code EINVAL} if it is none, {@code EPERM} if its seals are
     *     sealed, {@code EBUSY} if it is mapped for writing
     */
    public void seal(Set<Seal> seals) throws IOException {
        int bits = Seal.bits(seals);
        descriptor.call(
                "fcntl(F_ADD_SEALS)",
                (errno, number) -> Fcntl.fcntl(errno, number, Fcntl.F_ADD_SEALS, bits));
    }

    /** What is forbidden. */
    public Set<Seal> seals() throws IOException {
        return Seal.of(
                (int)
                        descriptor.call(
                                "fcntl(F_GET_SEALS)",
                                (errno, number) ->
                                        Fcntl.fcntl(errno, number, Fcntl.F_GET_SEALS, 0)));
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
        return bytes.read(Buffers.writable(target), place(from));
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

    /**
     * Fills the buffers one after the other from {@code from} on, unless the file ends before; as
     * few calls as possible, of at most a MiB and 1024 buffers (preadv2(2)).
     *
     * @return how many bytes; -1 if the file has none there; 0 only if no buffer has room
     */
    public long read(ByteBuffer[] targets, long from) throws IOException {
        return bytes.read(Buffers.targets(targets, 0, targets.length), place(from));
    }

    /**
     * Writes all that remains in the buffers, one after the other, from {@code to} on; of a file
     * that is open for appending, at its end. What fits into one call, a MiB and 1024 buffers,
     * comes into the file without anybody else's bytes between (pwritev2(2)).
     *
     * @return how many bytes that were
     */
    public long write(ByteBuffer[] sources, long to) throws IOException {
        return bytes.write(Buffers.of(sources, 0, sources.length), place(to));
    }

    // ---- at the position

    /** Reads from the position on, which moves; see {@link #read(ByteBuffer, long)}. */
    @Override
    public int read(ByteBuffer target) throws IOException {
        Buffers.writable(target);
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

    /**
     * Fills the buffers one after the other from the position on, which moves; see {@link
     * #read(ByteBuffer[], long)}.
     */
    @Override
    public long read(ByteBuffer[] targets, int offset, int length) throws IOException {
        Buffers into = Buffers.targets(targets, offset, length);
        descriptor.enter(Direction.READ);
        long room = into.remaining();
        long from = here();
        try {
            return bytes.read(into, from);
        } finally {
            position = from + room - into.remaining();
            descriptor.leave(Direction.READ);
        }
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

    /**
     * Writes the buffers one after the other at the position, which moves; see {@link
     * #write(ByteBuffer[], long)}.
     */
    @Override
    public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
        Buffers from = Buffers.of(sources, offset, length);
        descriptor.enter(Direction.READ);
        long given = from.remaining();
        long to = appending ? 0 : here();
        try {
            return bytes.write(from, to);
        } finally {
            position = appending ? AT_END : to + given - from.remaining();
            descriptor.leave(Direction.READ);
        }
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

    /** Whether its transfers are direct. */
    boolean isDirect() {
        return bytes.isDirect();
    }

    /** A buffer for direct transfers, of {@code size} bytes. */
    public ByteBuffer directBuffer(int size) {
        if (size < 0 || size > Integer.MAX_VALUE - directAlignment) {
            throw new IllegalArgumentException("no buffer has this size: " + size);
        }
        ByteBuffer room = ByteBuffer.allocateDirect(size + directAlignment);
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

    /**
     * Takes room on the disk for a range, so that writing there finds some; the file becomes as
     * long as that, if it was shorter (fallocate(2)).
     *
     * @throws SystemCallException with {@code ENOSPC} if there is not so much, {@code EOPNOTSUPP}
     *     if the file system does not do that
     */
    public void allocate(long from, long length) throws IOException {
        fallocate(0, place(from), length);
    }

    /** Gives the room of a range back; it reads as zeros from now on. */
    public void punchHole(long from, long length) throws IOException {
        fallocate(Fcntl.FALLOC_FL_PUNCH_HOLE | Fcntl.FALLOC_FL_KEEP_SIZE, place(from), length);
    }

    private void fallocate(int mode, long from, long length) throws IOException {
        DiskCall.on(
                descriptor,
                "fallocate",
                (errno, number) -> Fcntl.fallocate(errno, number, mode, from, length));
    }

    /** Where the next data begins, at {@code from} or behind it; -1 if only a hole follows. */
    public long nextData(long from) throws IOException {
        return seek(place(from), Unistd.SEEK_DATA);
    }

    /** Where the next hole begins, the one behind the end among them; -1 behind the end. */
    public long nextHole(long from) throws IOException {
        return seek(place(from), Unistd.SEEK_HOLE);
    }

    private long seek(long from, int whence) throws IOException {
        long found =
                DiskCall.on(
                        descriptor,
                        "lseek",
                        (errno, number) -> {
                            long result = Unistd.lseek(errno, number, from, whence);
                            return Errno.ENXIO.is(result) ? Long.MAX_VALUE : result;
                        });
        return found == Long.MAX_VALUE ? -1 : found;
    }

    /**
     * Tells the kernel how a range will be used (posix_fadvise(2)); {@code length} 0: to the end.
     */
    public void advise(Advice advice, long from, long length) throws IOException {
        DiskCall.on(
                descriptor,
                "posix_fadvise",
                (errno, number) -> Fcntl.fadvise(number, from, length, advice.number()));
    }

    // ---- locks

    /**
     * Locks a range for all other open files, of this process and of others, that ask; waits for
     * its turn. The lock belongs to this open file (an open file description lock, fcntl(2)), so it
     * does not keep fibers that share this object from each other. The kernel cannot tell when a
     * lock is free without blocking a thread, so it is asked again and again, first after a
     * millisecond and at the longest after 50: who waits longest does not always come first.
     *
     * @param shared whether others may hold shared locks too
     * @param length 0: to the end, wherever that will be
     */
    public RangeLock lock(boolean shared, long from, long length) throws IOException {
        return RangeLock.await(descriptor, new RangeLock.Range(shared, place(from), length));
    }

    /** Locks all of it, for itself alone; waits for its turn. */
    public RangeLock lock() throws IOException {
        return lock(false, 0, 0);
    }

    /** Locks a range if nobody else holds it; empty if somebody does. */
    public Optional<RangeLock> tryLock(boolean shared, long from, long length) throws IOException {
        return RangeLock.attempt(descriptor, new RangeLock.Range(shared, place(from), length));
    }

    // ---- from file to file, and streams

    /**
     * Copies a range to the same place of another file by the cheapest way there is: sharing the
     * blocks where the file system can (reflink), copying in the kernel, or reading and writing.
     *
     * @return how many bytes; fewer than {@code length} if this file ends before
     */
    public long copyTo(RegularFile target, long from, long length) throws IOException {
        return FileCopy.copy(this, target, place(from), length);
    }

    /** Copies all of it; holes may become zeros. */
    public long copyTo(RegularFile target) throws IOException {
        return FileCopy.copyAll(this, target);
    }

    /**
     * Sends a range into a stream: into a socket by sendfile(2) on a thread for files, else by
     * reading and writing. Moves no position.
     *
     * @return how many bytes; fewer than {@code length} if the file ends before
     * @throws dev.volokno.CancelledException telling how many
     */
    public long transferTo(WritableByteChannel target, long from, long length) throws IOException {
        return FileCopy.send(this, target, place(from), length);
    }

    /**
     * Writes what a channel has, from {@code to} on, until it ends or {@code length} bytes have
     * come. What was read from a {@link dev.volokno.fd.ByteStream} and could not be written is left
     * over there for the next read, unless the file is open for {@linkplain OpenOptions#direct
     * direct} transfers.
     *
     * @return how many bytes
     * @throws dev.volokno.CancelledException telling how many
     */
    public long transferFrom(ReadableByteChannel source, long to, long length) throws IOException {
        if (length < 0) {
            throw new IllegalArgumentException("nobody receives " + length + " bytes");
        }
        return FileCopy.receive(this, source, place(to), length);
    }

    /** Reads from the position on; closing it closes the file. */
    public InputStream inputStream() {
        return Channels.newInputStream(this);
    }

    /** Writes at the position, unbuffered; closing it closes the file. */
    public OutputStream outputStream() {
        return Channels.newOutputStream(this);
    }

    // ---- replacing

    /** Writes new content into an empty file. */
    @FunctionalInterface
    public interface Content {
        /** Writes it. */
        void writeTo(RegularFile file) throws IOException;
    }

    /**
     * Replaces a file's content durably: whenever the machine stops, there is the old content or
     * the new one, and after this has returned the new one. Written is a new file beside it, named
     * {@code .}name{@code .} and 16 hexadecimal digits, which takes the old one's place when it is
     * on the device. It has the old one's permissions, and its owner if that may be set; other
     * names (hard links) of the old file keep the old content. A symbolic link stays, and what it
     * leads to is replaced.
     *
     * <p>If it fails or is cancelled, the old content is there, and the new file is removed; only
     * after a failure of the directory's own fsync(2) may it be either. A process that is killed
     * leaves the new file behind.
     */
    public static void replaceDurably(Path path, Content content) throws IOException {
        DurableReplacement.replace(path, content);
    }

    /** Replaces a file's content durably by what remains in the buffer. */
    public static void replaceDurably(Path path, ByteBuffer content) throws IOException {
        DurableReplacement.replace(path, file -> file.write(content));
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
     * #sync}.
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
}
