package dev.volokno.file;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.volokno.SystemCallException;
import dev.volokno.backend.Staging;
import dev.volokno.descriptor.Descriptor;
import dev.volokno.descriptor.Kind;
import dev.volokno.engine.Engine;
import dev.volokno.linux.Dirent;
import dev.volokno.linux.Errno;
import dev.volokno.linux.Fcntl;
import dev.volokno.linux.Memory;
import dev.volokno.linux.Unistd;
import dev.volokno.loop.Loop;
import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The entries of a directory (getdents64(2)), some hundreds at a time however many there are. A
 * small directory is opened, read to its end and closed in one visit to a thread.
 */
final class DirectoryReader implements Closeable {
    /** No entry is longer: a name has up to 255 bytes. */
    private static final int LONGEST_ENTRY = 512;

    private static final int ROOM = 16 * 1024;

    private final Path path;
    private final Staging room = Staging.of(ROOM);
    private @Nullable Descriptor descriptor;
    private int at;
    private boolean closed;

    /** A thread writes into the room, or may: it is left behind by whoever is cancelled. */
    private volatile boolean filling;

    // Written on another thread, before its answer.
    private int filled;
    private boolean ended;

    private DirectoryReader(Path path) {
        this.path = path;
    }

    /** Opens it and reads the first entries; {@code flags} may be {@link Fcntl#O_NOFOLLOW}. */
    static DirectoryReader open(Path path, int flags) throws IOException {
        var reader = new DirectoryReader(path);
        Engine engine = Loop.current().engine();
        MemorySegment name = PathName.of(path);
        int how = Fcntl.O_RDONLY | Fcntl.O_DIRECTORY | Fcntl.O_CLOEXEC | flags;
        long result =
                DiskCall.make(
                        engine,
                        "open",
                        (errno, none) -> {
                            try {
                                return reader.openAndFill(errno, name.address(), how);
                            } finally {
                                Reference.reachabilityFence(name);
                            }
                        },
                        late -> DiskCall.closeUnwanted(engine, late - 1));
        if (result < 0) {
            throw FileFailure.of("open", result, path);
        }
        if (result > 0) {
            reader.descriptor =
                    Descriptor.opened(engine, (int) result - 1, Kind.ANY, path.toString());
        }
        return reader;
    }

    /** The number and one, or 0 if nothing is left to be read. */
    private long openAndFill(MemorySegment errno, long name, int how) {
        int number = Fcntl.open(errno, name, how, 0);
        if (number < 0) {
            return number;
        }
        long result = fill(errno, number);
        if (result < 0 || ended) {
            Unistd.close(errno, number);
            return result < 0 ? result : 0;
        }
        return number + 1L;
    }

    private long fill(MemorySegment errno, int number) {
        int end = 0;
        long count = 1;
        while (count > 0 && end + LONGEST_ENTRY <= room.capacity()) {
            count = Dirent.getdents64(errno, number, room.address() + end, room.capacity() - end);
            end += (int) Math.max(count, 0);
        }
        // A directory that was removed while it is open has no entries.
        ended = count == 0 || Errno.ENOENT.is(count);
        filled = end;
        // What was read before a failure is told first.
        return ended || end > 0 ? 0 : count;
    }

    /**
     * The next name that is neither . nor ..; null at the end. Parks.
     *
     * @throws IOException also if a call before was cancelled while it read more: what that read is
     *     lost
     */
    @Nullable DirectoryEntry next() throws IOException {
        while (!closed) {
            if (filling) {
                throw new IOException(path + ": the listing was cancelled, and may lack entries");
            }
            if (at == filled) {
                if (ended) {
                    close();
                    return null;
                }
                refill();
            } else {
                DirectoryEntry entry = take();
                if (entry != null) {
                    return entry;
                }
            }
        }
        return null;
    }

    private void refill() throws IOException {
        Descriptor open = descriptor;
        assert open != null;
        at = 0;
        filled = 0;
        filling = true;
        try {
            DiskCall.on(open, "getdents64", this::fill);
            filling = false;
        } catch (SystemCallException e) {
            filling = false;
            throw e;
        }
    }

    private @Nullable DirectoryEntry take() {
        long entry = room.address() + at;
        int length = Short.toUnsignedInt(Memory.getShort(entry + Dirent.D_RECLEN));
        at += length;
        long name = entry + Dirent.D_NAME;
        int size = 0;
        while (Memory.getByte(name + size) != 0) {
            size++;
        }
        byte[] bytes = Memory.at(name, size).toArray(JAVA_BYTE);
        if (bytes[0] == '.' && (size == 1 || (size == 2 && bytes[1] == '.'))) {
            return null;
        }
        FileType type = FileType.ofEntry(Memory.getByte(entry + Dirent.D_TYPE));
        return new DirectoryEntry(path.resolve(PathName.path(bytes)), type, Memory.getLong(entry));
    }

    /** Closes it; closing again does nothing. */
    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        Descriptor open = descriptor;
        if (open != null) {
            open.close();
        }
        if (!filling) {
            room.free();
        }
    }
}
