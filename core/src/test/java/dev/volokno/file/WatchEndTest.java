package dev.volokno.file;

import static dev.volokno.file.Watching.LONG;
import static dev.volokno.file.Watching.NAMES;
import static dev.volokno.file.Watching.TREE_NAMES;
import static dev.volokno.file.Watching.expect;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.volokno.fiber.Fiber;
import dev.volokno.file.FileEvent.Created;
import dev.volokno.file.FileEvent.Ended;
import dev.volokno.file.FileEvent.Reason;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
import dev.volokno.support.Waiting;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

class WatchEndTest {
    @TempDir private Path folder;

    private Path root;

    @BeforeEach
    void makeFolder() throws Exception {
        root = Files.createDirectory(folder.resolve("root"));
    }

    @EachConfiguration
    void closingAtOnceLeavesNothingBehind(Configuration configuration) throws Exception {
        Files.createDirectories(root.resolve("a/b/c"));
        configuration.run(() -> {
            for (int i = 0; i < 50; i++) {
                DirectoryWatcher.open(root, TREE_NAMES).close();
            }
        });
    }

    @EachConfiguration
    void noEventComesAfterTheClose(Configuration configuration) throws Exception {
        configuration.run(() -> {
            var watcher = DirectoryWatcher.open(root, NAMES);
            Files.createFile(root.resolve("one"));
            Files.createFile(root.resolve("two"));
            watcher.take(LONG);
            watcher.close();
            watcher.close();
            assertThatThrownBy(watcher::take).isInstanceOf(ClosedChannelException.class);
            assertThatThrownBy(watcher::tryTake).isInstanceOf(ClosedChannelException.class);
            assertThat(watcher.iterator().hasNext()).isFalse();
        });
    }

    @EachConfiguration
    void whoeverWaitsIsToldOfTheClose(Configuration configuration) throws Exception {
        configuration.run(() -> {
            var watcher = DirectoryWatcher.open(root, NAMES);
            var waiting =
                    Waiting.untilParked(
                            Fiber.start(() ->
                                    assertThatThrownBy(watcher::take)
                                            .isInstanceOf(AsynchronousCloseException.class)));
            watcher.close();
            waiting.join();
        });
    }

    @EachConfiguration
    void theConsumerMayCloseAndItsLoopEnds(Configuration configuration) throws Exception {
        List<FileEvent> seen = new ArrayList<>();
        configuration.run(() -> {
            var watcher = DirectoryWatcher.open(root, NAMES);
            Files.createFile(root.resolve("one"));
            Files.createFile(root.resolve("two"));
            for (FileEvent event : watcher) {
                seen.add(event);
                watcher.close();
            }
        });
        assertThat(seen).containsExactly(new Created(root.resolve("one"), false));
    }

    @EachConfiguration
    void aWatcherThatNobodyClosesDoesNotKeepTheLoop(Configuration configuration) throws Exception {
        configuration.run(() -> DirectoryWatcher.open(root, TREE_NAMES));
    }

    @EachConfiguration
    void aWatcherWhoseEventsNobodyTakesIsClosedAllTheSame(Configuration configuration)
            throws Exception {
        configuration.run(() -> {
            try (var watcher = DirectoryWatcher.open(root, NAMES)) {
                for (int i = 0; i < 3000; i++) {
                    Files.createFile(root.resolve("file" + i));
                }
                watcher.take(LONG);
            }
        });
    }

    @EachConfiguration
    void theWatchedDirectoryIsDeleted(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (var watcher = DirectoryWatcher.open(root, NAMES)) {
                Files.delete(root);
                expect(watcher, new Ended(root, Reason.DELETED));
                assertThatThrownBy(watcher::take).isInstanceOf(ClosedChannelException.class);
                assertThat(watcher.iterator().hasNext()).isFalse();
            }
        });
    }

    @EachConfiguration
    void theWatchedDirectoryIsMoved(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (var watcher = DirectoryWatcher.open(root, TREE_NAMES)) {
                Files.move(root, folder.resolve("elsewhere"));
                expect(watcher, new Ended(root, Reason.MOVED));
            }
        });
    }

    @EachConfiguration
    void itsFileSystemIsUnmounted(Configuration configuration) throws Exception {
        try (var mounted = Mounted.tmpfs(root)) {
            Files.createDirectory(root.resolve("inner"));
            configuration.run(() -> {
                try (var watcher = DirectoryWatcher.open(root, TREE_NAMES)) {
                    mounted.unmount();
                    expect(watcher, new Ended(root, Reason.UNMOUNTED));
                }
            });
        }
    }

    @EachConfiguration
    void aMountBelowIsUnmountedAndWhatItCoveredIsTold(Configuration configuration)
            throws Exception {
        Path inner = Files.createDirectory(root.resolve("inner"));
        Path covered = Files.createFile(inner.resolve("covered"));
        try (var mounted = Mounted.tmpfs(inner)) {
            Path above = Files.createFile(inner.resolve("above"));
            configuration.run(() -> {
                try (var watcher = DirectoryWatcher.open(root, TREE_NAMES)) {
                    mounted.unmount();
                    Watching.expectAnyOrder(
                            watcher,
                            new FileEvent.Deleted(above, false),
                            new Created(covered, false));
                    Path after = Files.createFile(inner.resolve("after"));
                    expect(watcher, new Created(after, false));
                    Files.delete(after);
                }
            });
        }
    }
}
