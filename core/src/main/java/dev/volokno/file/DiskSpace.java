package dev.volokno.file;

import dev.volokno.linux.Memory;
import dev.volokno.linux.SysStatfs;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.nio.file.Path;

/**
 * The room on a file system (statfs(2)), in bytes.
 *
 * @param total all of it
 * @param free what nobody uses
 * @param available what users without privileges may take of that
 * @param files how many files it can hold; 0 if there is no such limit
 * @param freeFiles how many more
 */
public record DiskSpace(long total, long free, long available, long files, long freeFiles) {
    /** The room on the file system that {@code path} is on. Parks. */
    public static DiskSpace of(Path path) throws IOException {
        MemorySegment answer = Arena.ofAuto().allocate(SysStatfs.STATFS_SIZE, 8);
        long at = answer.address();
        try {
            DiskCall.on(
                    path,
                    "statfs",
                    (errno, name) -> {
                        try {
                            return SysStatfs.statfs(errno, name, at);
                        } finally {
                            Reference.reachabilityFence(answer);
                        }
                    });
            long block = Memory.getLong(at + SysStatfs.F_FRSIZE);
            return new DiskSpace(
                    Memory.getLong(at + SysStatfs.F_BLOCKS) * block,
                    Memory.getLong(at + SysStatfs.F_BFREE) * block,
                    Memory.getLong(at + SysStatfs.F_BAVAIL) * block,
                    Memory.getLong(at + SysStatfs.F_FILES),
                    Memory.getLong(at + SysStatfs.F_FFREE));
        } finally {
            Reference.reachabilityFence(answer);
        }
    }
}
