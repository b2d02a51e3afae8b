package dev.volokno.file;

import dev.volokno.SystemCallException;
import dev.volokno.backend.DirectOperation;
import dev.volokno.descriptor.Descriptor;
import dev.volokno.descriptor.Kind;
import dev.volokno.engine.Engine;
import dev.volokno.fd.Fd;
import dev.volokno.linux.Arch;
import dev.volokno.linux.Errno;
import dev.volokno.linux.Fcntl;
import dev.volokno.linux.FileHandles;
import dev.volokno.linux.Memory;
import dev.volokno.linux.SysFanotify;
import dev.volokno.loop.Loop;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;

/** What both users of fanotify(7) need: groups, marks, and where an open file is. */
final class Fanotify {
    /** As the kernel means it, whatever glibc says. */
    private static final int LARGE_FILE = Arch.CURRENT == Arch.AARCH64 ? 0x20000 : 0x8000;

    private static final int OPEN_FLAGS = Fcntl.O_RDONLY | Fcntl.O_CLOEXEC | LARGE_FILE;
    private static final int LONGEST_PATH = 4096;

    private Fanotify() {}

    /** A group; negative, an errno, if the kernel refuses these flags. */
    static long open(int flags) {
        int all = flags | SysFanotify.FAN_CLOEXEC | SysFanotify.FAN_NONBLOCK;
        return Loop.current()
                .engine()
                .perform(
                        DirectOperation.of(
                                "fanotify_init",
                                (errno, none) -> SysFanotify.init(errno, all, OPEN_FLAGS)));
    }

    static Fd owned(long number, Path path) throws IOException {
        Engine engine = Loop.current().engine();
        Descriptor.throwIfEnded(number, false);
        if (number < 0) {
            throw failure("fanotify_init", number, path);
        }
        return new Fd(Descriptor.opened(engine, (int) number, Kind.ANY, "fanotify of " + path));
    }

    static void mark(Fd fd, Extent extent, long mask, Path path) throws IOException {
        String raw = PathName.raw(path.toAbsolutePath());
        int flags = SysFanotify.FAN_MARK_ADD | extent.markFlag();
        long all = mask | extent.maskFlag();
        long[] result = {0};
        fd.descriptor()
                .blockingCall(
                        "fanotify_mark",
                        (errno, number) -> {
                            try (Arena arena = Arena.ofConfined()) {
                                long name =
                                        arena.allocateFrom(raw, StandardCharsets.ISO_8859_1)
                                                .address();
                                result[0] = SysFanotify.mark(errno, number, flags, all, name);
                            }
                            return 0;
                        });
        if (result[0] < 0) {
            throw failure("fanotify_mark", result[0], path);
        }
    }

    static IOException failure(String call, long result, Path path) {
        if (Errno.ENOENT.is(result)) {
            return new NoSuchFileException(path.toString(), null, Errno.messageOf(result));
        }
        if (Errno.ENOTDIR.is(result)) {
            return new NotDirectoryException(path.toString());
        }
        String why = Errno.messageOf(result);
        if (Errno.EPERM.is(result)) {
            why =
                    "needs CAP_SYS_ADMIN; without it only a FilesystemWatcher of a DIRECTORY"
                            + " can be had";
        } else if (Errno.EMFILE.is(result)) {
            why = "the process's limit of descriptors, or fs.fanotify.max_user_groups";
        } else if (Errno.ENOSPC.is(result)) {
            why = "fs.fanotify.max_user_marks";
        }
        return new SystemCallException(call, Errno.nameOf(result), path.toString(), why);
    }

    /** Where an open file is, as /proc tells; empty if it does not. */
    static String pathOf(MemorySegment errno, int number) {
        try (Arena arena = Arena.ofConfined()) {
            long link = arena.allocateFrom("/proc/self/fd/" + number).address();
            long target = arena.allocate(LONGEST_PATH).address();
            long length = FileHandles.readlink(errno, link, target, LONGEST_PATH);
            return length < 0
                    ? ""
                    : StandardCharsets.ISO_8859_1
                            .decode(Memory.at(target, length).asByteBuffer())
                            .toString();
        }
    }
}
