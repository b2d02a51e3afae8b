package dev.volokno.file;

import dev.volokno.descriptor.Descriptor;
import dev.volokno.linux.Fcntl;
import dev.volokno.linux.Unistd;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/** Names for files that are open. */
final class Naming {
    private Naming() {}

    /** Gives an open file a name, by way of /proc: the call's own way wants a privilege. */
    static void link(Descriptor file, Path path) throws IOException {
        file.enter();
        try {
            int number = file.number();
            DiskCall.on(path, "linkat", (errno, name) -> link(errno, number, name));
        } finally {
            file.leave();
        }
    }

    private static long link(MemorySegment errno, int number, long name) {
        try (Arena arena = Arena.ofConfined()) {
            long open = arena.allocateFrom("/proc/self/fd/" + number).address();
            return Unistd.linkat(
                    errno, Fcntl.AT_FDCWD, open, Fcntl.AT_FDCWD, name, Fcntl.AT_SYMLINK_FOLLOW);
        }
    }
}
