package dev.volokno.file;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A small file system of a test's own, until closed. */
final class Mounted implements AutoCloseable {
    private final Path path;
    private boolean unmounted;

    private Mounted(Path path) {
        this.path = path;
    }

    static Mounted tmpfs(Path directory) throws IOException {
        List<String> command =
                List.of("mount", "-t", "tmpfs", "-o", "size=16m", "volokno-test", "" + directory);
        assumeTrue(run(command) == 0, "needs the right to mount a tmpfs");
        return new Mounted(directory);
    }

    /**
     * A btrfs in a new file, whose directory {@code limited} takes no more than {@code bytes}: a
     * quota that binds root too.
     */
    static Mounted withQuota(Path directory, Path image, long bytes) throws IOException {
        String limited = directory + "/limited";
        String commands =
                "truncate -s 128M "
                        + image
                        + " && mkfs.btrfs -q "
                        + image
                        + " && mount -o loop "
                        + image
                        + " "
                        + directory
                        + " && { btrfs quota enable "
                        + directory
                        + " && btrfs subvolume create "
                        + limited
                        + " && btrfs qgroup limit "
                        + bytes
                        + " "
                        + limited
                        + " || { umount "
                        + directory
                        + "; false; }; }";
        assumeTrue(
                run(List.of("sh", "-c", commands)) == 0,
                "needs btrfs-progs, a kernel with btrfs, and the right to mount");
        return new Mounted(directory);
    }

    private static int run(List<String> command) throws IOException {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .onExit()
                .join()
                .exitValue();
    }

    Path path() {
        return path;
    }

    void unmount() throws IOException {
        if (!unmounted) {
            unmounted = true;
            if (run(List.of("umount", path.toString())) != 0) {
                throw new IOException("cannot unmount " + path);
            }
        }
    }

    @Override
    public void close() throws IOException {
        unmount();
    }
}
