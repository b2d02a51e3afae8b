package dev.volokno.file;

import dev.volokno.linux.Fcntl;
import dev.volokno.linux.Unistd;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/** Directories. Every method parks while the disk or a file server works. */
public final class Directories {
    private static final int OPEN = Fcntl.O_RDONLY | Fcntl.O_DIRECTORY | Fcntl.O_CLOEXEC;

    private Directories() {}

    /** Waits until the names in a directory are on the device (fsync(2) of the directory). */
    public static void sync(Path directory) throws IOException {
        DiskCall.on(directory, "fsync", Directories::sync);
    }

    private static long sync(MemorySegment errno, long directory) {
        int number = Fcntl.open(errno, directory, OPEN, 0);
        if (number < 0) {
            return number;
        }
        long result = Unistd.fsync(errno, number);
        Unistd.close(errno, number);
        return result;
    }
}
