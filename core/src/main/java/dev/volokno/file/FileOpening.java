package dev.volokno.file;

import dev.volokno.backend.FileMedium;
import dev.volokno.backend.Kernel;
import dev.volokno.descriptor.Descriptor;
import dev.volokno.descriptor.Kind;
import dev.volokno.engine.Engine;
import dev.volokno.linux.Errno;
import dev.volokno.linux.Fcntl;
import dev.volokno.linux.Memory;
import dev.volokno.linux.Openat2;
import dev.volokno.linux.SysStat;
import dev.volokno.linux.SysStatfs;
import dev.volokno.linux.Unistd;
import dev.volokno.loop.Loop;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** open(2) or openat2(2) of a file, and a look at what was opened: one visit to a thread. */
final class FileOpening {
    /** Not to hang on a fifo; taken away again from what is a file. */
    private static final int FLAGS = Fcntl.O_CLOEXEC | Fcntl.O_NOCTTY | Fcntl.O_NONBLOCK;

    /** Somebody who moves directories about without an end must not hold us up without one. */
    private static final int TRIES = 64;

    private static final int SMALLEST_BLOCK = 512;

    private final Path path;
    private final OpenOptions options;
    private final MemorySegment name;
    private final @Nullable MemorySegment directory;

    // Written on the other thread, before the answer.
    private boolean memory;
    private boolean refused;
    private int alignment;

    private FileOpening(Path path, OpenOptions options) {
        this.path = path;
        this.options = options;
        name = PathName.of(path);
        Path beneath = options.directory();
        directory = beneath == null ? null : PathName.of(beneath);
    }

    static RegularFile open(Path path, OpenOptions options) throws IOException {
        return new FileOpening(path, options).open();
    }

    private RegularFile open() throws IOException {
        Engine engine = Loop.current().engine();
        String call = directory == null ? "open" : "openat2";
        long number =
                DiskCall.make(
                        engine,
                        call,
                        (errno, none) -> openAndLook(errno),
                        late -> DiskCall.closeUnwanted(engine, late));
        if (number < 0) {
            throw failure(call, number);
        }
        Kind kind = options.writes() ? Kind.WRITTEN_FILE : Kind.ANY;
        return new RegularFile(
                Descriptor.opened(engine, (int) number, kind, path.toString()),
                options,
                medium(),
                alignment);
    }

    private FileMedium medium() {
        if (memory) {
            return FileMedium.memory();
        }
        boolean direct = (options.flags() & Fcntl.O_DIRECT) != 0;
        return direct ? FileMedium.direct(alignment) : FileMedium.cached();
    }

    private FileSystemException failure(String call, long result) {
        if (refused) {
            return new FileSystemException(path.toString(), null, "neither a file nor a disk");
        }
        if (directory != null && Errno.EXDEV.is(result)) {
            String reason = "it leaves " + options.directory();
            var left = new AccessDeniedException(path.toString(), null, reason);
            left.initCause(Kernel.failure(call, result, path.toString()));
            return left;
        }
        return FileFailure.of(call, result, path);
    }

    // ---- on a thread for files

    private long openAndLook(MemorySegment errno) {
        try {
            long number = directory == null ? openIt(errno) : openBeneath(errno, directory);
            if (number < 0) {
                return number;
            }
            long looked = look(errno, (int) number);
            if (looked < 0) {
                Unistd.close(errno, (int) number);
                return looked;
            }
            return number;
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    private long openIt(MemorySegment errno) {
        return Fcntl.open(errno, name.address(), options.flags() | FLAGS, options.modeBits());
    }

    private long openBeneath(MemorySegment errno, MemorySegment within) {
        int flags = Fcntl.O_PATH | Fcntl.O_DIRECTORY | Fcntl.O_CLOEXEC;
        int root = Fcntl.open(errno, within.address(), flags, 0);
        if (root < 0) {
            return root;
        }
        try (Arena arena = Arena.ofConfined()) {
            long how = arena.allocate(Openat2.OPEN_HOW_SIZE, 8).address();
            Memory.putLong(how + Openat2.OPEN_HOW_FLAGS, options.flags() | FLAGS);
            Memory.putLong(how + Openat2.OPEN_HOW_MODE, options.modeBits());
            Memory.putLong(how + Openat2.OPEN_HOW_RESOLVE, Openat2.RESOLVE_BENEATH);
            long number = -Errno.EAGAIN.number();
            for (int i = 0; Errno.EAGAIN.is(number) && i < TRIES; i++) {
                number = Openat2.openat2(errno, root, name.address(), how);
            }
            return number;
        } finally {
            Unistd.close(errno, root);
        }
    }

    private long look(MemorySegment errno, int number) {
        try (Arena arena = Arena.ofConfined()) {
            long answer = arena.allocate(SysStat.STATX_SIZE, 8).address();
            long empty = arena.allocateFrom("").address();
            int mask = SysStat.STATX_TYPE | SysStat.STATX_DIOALIGN;
            long told = SysStat.statx(errno, number, empty, Fcntl.AT_EMPTY_PATH, mask, answer);
            if (told < 0) {
                return told;
            }
            int type = Memory.getShort(answer + SysStat.STX_MODE) & SysStat.S_IFMT;
            if (type == SysStat.S_IFDIR) {
                return -Errno.EISDIR.number();
            }
            refused = type != SysStat.S_IFREG && type != SysStat.S_IFBLK;
            alignment = alignment(answer);
            return refused ? -Errno.EINVAL.number() : lookAtFileSystem(errno, number, arena);
        }
    }

    private static int alignment(long answer) {
        if ((Memory.getInt(answer + SysStat.STX_MASK) & SysStat.STATX_DIOALIGN) != 0) {
            int ofMemory = Memory.getInt(answer + SysStat.STX_DIO_MEM_ALIGN);
            int ofOffset = Memory.getInt(answer + SysStat.STX_DIO_OFFSET_ALIGN);
            if (ofMemory != 0 && ofOffset != 0) {
                return Math.max(ofMemory, ofOffset);
            }
        }
        // A block of the file system is a whole number of the device's.
        return Math.max(Memory.getInt(answer + SysStat.STX_BLKSIZE), SMALLEST_BLOCK);
    }

    private long lookAtFileSystem(MemorySegment errno, int number, Arena arena) {
        long answer = arena.allocate(SysStatfs.STATFS_SIZE, 8).address();
        long told = SysStatfs.fstatfs(errno, number, answer);
        if (told < 0) {
            return told;
        }
        int magic = Memory.getInt(answer + SysStatfs.F_TYPE);
        memory = magic == SysStatfs.TMPFS_MAGIC || magic == SysStatfs.RAMFS_MAGIC;
        int flags = Fcntl.fcntl(errno, number, Fcntl.F_GETFL, 0);
        return flags < 0
                ? flags
                : Fcntl.fcntl(errno, number, Fcntl.F_SETFL, flags & ~Fcntl.O_NONBLOCK);
    }
}
