package dev.volokno.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.volokno.fiber.Fiber;
import dev.volokno.fiber.Offload;
import dev.volokno.loop.Loop;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The picture that the events draw is the disk, whatever was done, and however fast. */
class RandomTreeTest {
    private static final int SEED = 20_261_124;

    @TempDir private Path folder;

    @EachConfiguration
    @Timeout(60)
    void thePictureIsTheDisk(Configuration configuration) throws Exception {
        configuration.run(() -> follow(SEED, 500, 1500));
    }

    @EachConfiguration
    @Timeout(60)
    void thePictureIsTheDiskThoughTheKernelDropsEvents(Configuration configuration)
            throws Exception {
        try (var limit = QueueLimit.lowered(64)) {
            configuration.run(() -> {
                int overflows = follow(SEED + 1, 300, 1000);
                assertThat(overflows).as("overflows of %s events", limit).isPositive();
            });
        }
    }

    @Test
    @Timeout(60)
    void aThousandDirectoriesAndTenThousandFiles() throws Exception {
        Loop.run(() -> follow(SEED, 10_000, 20_000));
    }

    @Tag("soak")
    @Timeout(600)
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void tenThousandDirectoriesAndAHundredThousandFiles(int seed) throws Exception {
        Loop.run(() -> follow(seed, 100_000, 400_000));
    }

    /** How often the kernel has dropped events. */
    private int follow(int seed, int most, int steps) throws Exception {
        Path root = Files.createDirectory(folder.resolve("root"));
        Path outside = Files.createDirectory(folder.resolve("outside"));
        var tree = new RandomTree(seed, root, outside, most);
        tree.grow(steps / 4);
        var model = new TreeModel(root);
        int overflows = 0;
        try (var watcher = DirectoryWatcher.open(root, WatchOptions.wholeTree().withExisting())) {
            var changing =
                    Fiber.start(() ->
                            Offload.call(() -> {
                                tree.grow(steps);
                                Files.createFile(root.resolve("done"));
                                return true;
                            }));
            overflows += applyUntil(watcher, model, root.resolve("done"), true);
            changing.join();
            Files.delete(root.resolve("done"));
            overflows += applyUntil(watcher, model, root.resolve("done"), false);
        }
        assertThat(model.told()).as("the tree of seed %s", seed).isEqualTo(TreeModel.disk(root));
        return overflows;
    }

    private static int applyUntil(
            DirectoryWatcher watcher, TreeModel model, Path name, boolean there) throws Exception {
        int overflows = 0;
        while (model.has(name) != there) {
            FileEvent event = watcher.take();
            overflows += event instanceof FileEvent.Overflowed ? 1 : 0;
            model.apply(event);
        }
        return overflows;
    }
}
