package dev.volokno.file;

import static dev.volokno.file.Watching.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.volokno.file.FileEvent.AttributesChanged;
import dev.volokno.file.FileEvent.Created;
import dev.volokno.file.FileEvent.Deleted;
import dev.volokno.file.FileEvent.Modified;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.io.TempDir;

class StatWatcherTest {
    private static final Duration OFTEN = Duration.ofMillis(5);

    @TempDir private Path folder;

    @EachConfiguration
    void aFileIsToldThatComesChangesAndGoes(Configuration configuration) throws Exception {
        Path file = folder.resolve("file");
        configuration.run(() -> {
            try (var watcher = StatWatcher.open(file, OFTEN)) {
                Files.writeString(file, "x");
                assertThat(watcher.take(LONG)).isEqualTo(new Created(file, false));
                FileEvent event = watcher.tryTake().orElse(null);
                assertThat(event).isIn(null, new Modified(file));
                Files.writeString(file, "longer");
                assertThat(watcher.take(LONG)).isEqualTo(new Modified(file));
                // A look may have seen the file cut, and not yet written.
                watcher.tryTake();
                Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--r--r--"));
                FileEvent changed = watcher.take(LONG);
                assertThat(changed instanceof Modified ? watcher.take(LONG) : changed)
                        .isEqualTo(new AttributesChanged(file));
                Files.delete(file);
                assertThat(watcher.take(LONG)).isEqualTo(new Deleted(file, false));
            }
        });
    }

    @EachConfiguration
    void aTreeIsToldByTheSameEvents(Configuration configuration) throws Exception {
        Path root = folder.resolve("root");
        configuration.run(() -> {
            var names = WatchOptions.wholeTree().interestedIn();
            try (var watcher = StatWatcher.open(root, OFTEN, names)) {
                Path inner = root.resolve("a");
                Files.createDirectory(root);
                assertThat(watcher.take(LONG)).isEqualTo(new Created(root, true));
                Files.createDirectory(inner);
                assertThat(watcher.take(LONG)).isEqualTo(new Created(inner, true));
                Path file = Files.createFile(inner.resolve("file"));
                assertThat(watcher.take(LONG)).isEqualTo(new Created(file, false));
                Files.move(root, folder.resolve("elsewhere"));
                assertThat(watcher.take(LONG)).isEqualTo(new Deleted(file, false));
                assertThat(watcher.take(LONG)).isEqualTo(new Deleted(inner, true));
                assertThat(watcher.take(LONG)).isEqualTo(new Deleted(root, true));
            }
            try (var all = Files.walk(folder.resolve("elsewhere"))) {
                for (Path path : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        });
    }

    @EachConfiguration
    void whatExistsIsToldIfWantedAndNoLookComesEarly(Configuration configuration) throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        configuration.run(() -> {
            long begun = System.nanoTime();
            var existing = WatchOptions.directory().withExisting();
            try (var watcher = StatWatcher.open(file, Duration.ofMillis(50), existing)) {
                assertThat(watcher.take(LONG)).isEqualTo(new Created(file, false));
                Files.delete(file);
                assertThat(watcher.take(LONG)).isEqualTo(new Deleted(file, false));
                assertThat(System.nanoTime() - begun).isGreaterThanOrEqualTo(50_000_000L);
            }
            Files.createFile(file);
        });
    }

    @EachConfiguration
    void itCanBeClosedAtOnceAndDoesNotKeepTheLoop(Configuration configuration) throws Exception {
        configuration.run(() -> {
            var closed = StatWatcher.open(folder, OFTEN);
            closed.close();
            assertThatThrownBy(closed::take).isInstanceOf(ClosedChannelException.class);
            StatWatcher.open(folder, Duration.ofHours(1));
            StatWatcher.open(folder, OFTEN);
        });
    }

    @EachConfiguration
    void anIntervalOfNothingIsRefused(Configuration configuration) throws Exception {
        configuration.run(() ->
                assertThatThrownBy(() -> StatWatcher.open(folder, Duration.ZERO))
                        .isInstanceOf(IllegalArgumentException.class));
    }
}
