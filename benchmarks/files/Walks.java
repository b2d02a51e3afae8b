import dev.volokno.file.Directories;
import dev.volokno.file.DirectoryEntry;
import dev.volokno.loop.Loop;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.LinkedHashMap;
import java.util.Map;

/** A tree of directories, seen whole. */
final class Walks {
    private static final int PER_DIRECTORY = 100;

    private final Path tree;

    Walks(Path tree) {
        this.tree = tree;
    }

    static Path grow(Path tree, int files) throws IOException {
        for (int i = 0; i < files; i++) {
            int number = i / PER_DIRECTORY;
            Path parent = tree.resolve(number / PER_DIRECTORY + "/" + number % PER_DIRECTORY);
            if (i % PER_DIRECTORY == 0) {
                Files.createDirectories(parent);
            }
            Files.createFile(parent.resolve("file-" + i));
        }
        return tree;
    }

    Map<String, FileBench.Contender> all() {
        Map<String, FileBench.Contender> all = new LinkedHashMap<>();
        all.put("volokno, walk", () -> timed(this::ours));
        all.put("Files.walkFileTree", () -> timed(this::jdks));
        all.put("find", () -> timed(this::find));
        return all;
    }

    private interface Walk {
        long files() throws Exception;
    }

    private static double timed(Walk walk) throws Exception {
        long start = System.nanoTime();
        long files = walk.files();
        return files / ((System.nanoTime() - start) / 1e9);
    }

    private long ours() throws Exception {
        var count = new long[1];
        Loop.run(() -> {
            for (DirectoryEntry _ : Directories.walk(tree)) {
                count[0]++;
            }
        });
        return count[0];
    }

    private long jdks() throws IOException {
        var count = new long[1];
        Files.walkFileTree(
                tree,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                        count[0]++;
                        return FileVisitResult.CONTINUE;
                    }
                });
        return count[0];
    }

    private long find() throws Exception {
        return FileBench.program("find", tree.toString()).lines().count();
    }
}
