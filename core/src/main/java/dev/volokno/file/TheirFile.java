package dev.volokno.file;

import dev.volokno.backend.Kernel;
import dev.volokno.linux.Fcntl;
import dev.volokno.linux.Unistd;
import java.io.IOException;
import java.lang.foreign.Arena;

/** Numbers of files that came with requests, from any thread. */
final class TheirFile {
    private TheirFile() {}

    static int duplicate(int number) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            return Kernel.check(
                    "fcntl",
                    Fcntl.fcntl(Kernel.newErrno(arena), number, Fcntl.F_DUPFD_CLOEXEC, 3),
                    "fd " + number);
        }
    }

    static void close(int number) {
        try (Arena arena = Arena.ofConfined()) {
            Unistd.close(Kernel.newErrno(arena), number);
        }
    }
}
