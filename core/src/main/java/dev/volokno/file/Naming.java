package dev.volokno.file;

import dev.volokno.SystemCallException;
import dev.volokno.backend.DirectOperation;
import dev.volokno.backend.FileMedium;
import dev.volokno.backend.Kernel;
import dev.volokno.descriptor.Descriptor;
import dev.volokno.descriptor.Kind;
import dev.volokno.engine.Engine;
import dev.volokno.linux.Errno;
import dev.volokno.linux.Fcntl;
import dev.volokno.linux.SysMman;
import dev.volokno.linux.Unistd;
import dev.volokno.loop.Loop;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.nio.file.Path;

/** Names for files that are open. */
final class Naming {
    private static final int PAGE = 4096;

    private Naming() {}

    /** Gives an open file a name, by way of /proc: the call's own way wants a privilege. */
    static void link(Descriptor file, Path path) throws IOException {
        MemorySegment name = PathName.of(path);
        try {
            DiskCall.on(
                    file,
                    "linkat",
                    (errno, number) -> {
                        try {
                            return link(errno, number, name.address());
                        } finally {
                            Reference.reachabilityFence(name);
                        }
                    });
        } catch (SystemCallException e) {
            throw FileFailure.of("linkat", -Errno.valueOf(e.errno()).number(), path);
        }
    }

    static RegularFile inMemory(String name) throws IOException {
        if (name.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a name cannot have a NUL: " + name);
        }
        Engine engine = Loop.current().engine();
        MemorySegment text = Arena.ofAuto().allocateFrom(name);
        int flags = SysMman.MFD_CLOEXEC | SysMman.MFD_ALLOW_SEALING;
        long number =
                engine.perform(
                        DirectOperation.of(
                                "memfd_create",
                                (errno, none) -> {
                                    try {
                                        return SysMman.memfdCreate(errno, text.address(), flags);
                                    } finally {
                                        Reference.reachabilityFence(text);
                                    }
                                }));
        int opened = Kernel.check("memfd_create", number, name);
        Descriptor descriptor = Descriptor.opened(engine, opened, Kind.ANY, "memfd:" + name);
        return new RegularFile(descriptor, OpenOptions.readWrite(), FileMedium.memory(), PAGE);
    }

    private static long link(MemorySegment errno, int number, long name) {
        try (Arena arena = Arena.ofConfined()) {
            long open = arena.allocateFrom("/proc/self/fd/" + number).address();
            return Unistd.linkat(
                    errno, Fcntl.AT_FDCWD, open, Fcntl.AT_FDCWD, name, Fcntl.AT_SYMLINK_FOLLOW);
        }
    }
}
