package dev.volokno.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.volokno.file.FileEvent.Created;
import dev.volokno.file.FileEvent.Moved;
import dev.volokno.file.FileEvent.Overflowed;
import dev.volokno.support.ChildJava;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the kernel keeps for watchers has an end, which is told. */
class WatchLimitTest {
    private static final Duration LONG = Duration.ofSeconds(10);
    private static final FilesystemOptions NAMES =
            FilesystemOptions.of(Extent.FILESYSTEM).interestedIn();

    /** Opens a watcher of a tree that has one directory. */
    private static final String WATCHES =
            """
            import dev.volokno.file.*;
            import dev.volokno.loop.Loop;
            import java.nio.file.*;

            void main(String[] args) throws Exception {
                Loop.run(() -> {
                    try (var w = DirectoryWatcher.open(Path.of(args[0]), WatchOptions.wholeTree())) {
                        IO.println("watches");
                    } catch (IOException e) {
                        IO.println("says: " + e.getMessage());
                    }
                });
            }
            """;

    @TempDir private Path folder;

    @EachConfiguration
    void aFileSystemsOverflowIsToldAndItsLaterEventsAreRight(Configuration configuration)
            throws Exception {
        try (var mounted = Mounted.tmpfs(folder)) {
            Path deep = Files.createDirectories(folder.resolve("a/b"));
            configuration.run(() -> {
                try (var watcher =
                        QueueLimit.FANOTIFY.lowered(
                                64, () -> FilesystemWatcher.open(folder, NAMES))) {
                    Path known = Files.createFile(deep.resolve("known"));
                    assertThat(watcher.take(LONG).event()).isEqualTo(new Created(known, false));
                    // More than it takes in before somebody takes them, and the kernel keeps.
                    for (int i = 0; i < 1300; i++) {
                        Files.createFile(deep.resolve("f" + i));
                    }
                    Path moved = Files.move(folder.resolve("a"), folder.resolve("c"));
                    takeUntil(watcher, Overflowed.class::isInstance);
                    // The queue may still be full, and say so once more.
                    int tries = 0;
                    while (overflowsAgain(watcher, moved.resolve("b/later" + tries))) {
                        tries++;
                    }
                }
            });
            mounted.unmount();
        }
    }

    private static boolean overflowsAgain(FilesystemWatcher watcher, Path later) throws Exception {
        Files.createFile(later);
        var created = new Created(later, false);
        return !takeUntil(watcher, told -> told.equals(created) || told instanceof Overflowed)
                .equals(created);
    }

    private static FileEvent takeUntil(FilesystemWatcher watcher, Predicate<FileEvent> awaited)
            throws Exception {
        FileEvent told = watcher.take(LONG).event();
        while (!awaited.test(told)) {
            told = watcher.take(LONG).event();
        }
        return told;
    }

    @EachConfiguration
    void whatFollowsAMoveInTheSameLookAtTheQueueIsToldWhereItIs(Configuration configuration)
            throws Exception {
        try (var mounted = Mounted.tmpfs(folder)) {
            Path old = Files.createDirectories(folder.resolve("a/b")).getParent();
            configuration.run(() -> {
                try (var watcher = FilesystemWatcher.open(folder, NAMES)) {
                    Path now = Files.move(old, folder.resolve("c"));
                    Path file = Files.createFile(now.resolve("b/file"));
                    assertThat(watcher.take(LONG).event()).isEqualTo(new Moved(old, now, true));
                    assertThat(watcher.take(LONG).event()).isEqualTo(new Created(file, false));
                }
            });
            mounted.unmount();
        }
    }

    @Test
    @Timeout(60)
    void whoHasNoWatcherLeftIsToldTheLimit() throws Exception {
        assertThat(saidWith("max_inotify_instances"))
                .contains("inotify_init1: EMFILE")
                .contains("fs.inotify.max_user_instances");
    }

    @Test
    @Timeout(60)
    void whoHasNoWatchLeftIsToldTheLimit() throws Exception {
        assertThat(saidWith("max_inotify_watches"))
                .contains("inotify_add_watch: ENOSPC")
                .contains("fs.inotify.max_user_watches");
    }

    /** What the program says in a user namespace of its own, where that limit is 0. */
    private String saidWith(String limit) throws Exception {
        String script = "echo 0 > /proc/sys/user/" + limit + " && exec \"$0\" \"$@\"";
        String said =
                ChildJava.of(folder, WATCHES)
                        .opened()
                        .under("unshare", "--user", "--map-root-user", "sh", "-c", script)
                        .run(folder.toString());
        assumeFalse(said.startsWith("unshare:"), "needs user namespaces: " + said);
        return said;
    }
}
