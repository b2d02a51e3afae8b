import dev.volokno.file.OpenOptions;
import dev.volokno.file.RegularFile;
import dev.volokno.loop.Loop;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** A large file, copied from front to back. */
final class Copies {
    private static final double MEGA = 1e6;

    private final Path file;
    private final Path copy;

    Copies(Path file) {
        this.file = file;
        copy = file.resolveSibling("copy");
    }

    Map<String, FileBench.Contender> all() {
        Map<String, FileBench.Contender> all = new LinkedHashMap<>();
        all.put("volokno, copyTo", () -> timed(this::ours));
        all.put("Files.copy", () -> timed(() -> Files.copy(file, copy)));
        all.put(
                "cp",
                () -> timed(() -> FileBench.program("cp", file.toString(), copy.toString())));
        return all;
    }

    private interface Copy {
        void run() throws Exception;
    }

    private double timed(Copy way) throws Exception {
        Files.deleteIfExists(copy);
        long start = System.nanoTime();
        way.run();
        double seconds = (System.nanoTime() - start) / 1e9;
        Files.delete(copy);
        return Files.size(file) / MEGA / seconds;
    }

    private void ours() throws Exception {
        Loop.run(() -> {
            try (RegularFile source = RegularFile.open(file);
                    RegularFile target =
                            RegularFile.open(copy, OpenOptions.write().createNew())) {
                source.copyTo(target);
            }
        });
    }
}
