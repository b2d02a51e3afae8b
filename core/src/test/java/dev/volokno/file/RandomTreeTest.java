package dev.volokno.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.volokno.fiber.Fiber;
import dev.volokno.fiber.Offload;
import dev.volokno.loop.Loop;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
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

    /** 0: the machine's. */
    private int queueLimit;

    @EachConfiguration
    @Timeout(60)
    void thePictureIsTheDisk(Configuration configuration) throws Exception {
        configuration.run(() -> follow(SEED, 500, 1500));
    }

    @EachConfiguration
    @Timeout(60)
    void thePictureIsTheDiskThoughTheKernelDropsEvents(Configuration configuration)
            throws Exception {
        queueLimit = 64;
        configuration.run(() -> {
            int overflows = follow(SEED + 1, 300, 1000, Runnable::run);
            // Elsewhere the watcher reads beside the changes, and may be fast enough.
            if (configuration.confined()) {
                assertThat(overflows).as("overflows of 64 events").isPositive();
            }
        });
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

    private int follow(int seed, int most, int steps) throws Exception {
        return follow(
                seed,
                most,
                steps,
                changes ->
                        Offload.call(() -> {
                            changes.run();
                            return true;
                        }));
    }

    /** How often the kernel has dropped events while {@code place} ran the changes. */
    private int follow(int seed, int most, int steps, Consumer<Runnable> place) throws Exception {
        Path root = Files.createDirectory(folder.resolve("root"));
        Path outside = Files.createDirectory(folder.resolve("outside"));
        var tree = new RandomTree(seed, root, outside, most);
        tree.grow(steps / 4);
        var model = new TreeModel(root);
        int overflows = 0;
        try (var watcher = open(root)) {
            var changing = Fiber.start(() -> place.accept(() -> change(tree, steps, root)));
            overflows += applyUntil(watcher, model, root.resolve("done"), true);
            changing.join();
            Files.delete(root.resolve("done"));
            overflows += applyUntil(watcher, model, root.resolve("done"), false);
            // A repair tells of the root first: it may have told of that end before the rest.
            Files.createFile(root.resolve("end"));
            overflows += applyUntil(watcher, model, root.resolve("end"), true);
            Files.delete(root.resolve("end"));
            overflows += applyUntil(watcher, model, root.resolve("end"), false);
        }
        assertThat(model.told()).as("the tree of seed %s", seed).isEqualTo(TreeModel.disk(root));
        return overflows;
    }

    private DirectoryWatcher open(Path root) throws IOException {
        WatchOptions options = WatchOptions.wholeTree().withExisting();
        return queueLimit == 0
                ? DirectoryWatcher.open(root, options)
                : QueueLimit.INOTIFY.lowered(
                        queueLimit, () -> DirectoryWatcher.open(root, options));
    }

    private static void change(RandomTree tree, int steps, Path root) {
        try {
            tree.grow(steps);
            Files.createFile(root.resolve("done"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
