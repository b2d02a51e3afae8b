package dev.volokno.file;

import static dev.volokno.file.Watching.LONG;
import static dev.volokno.file.Watching.NAMES;
import static dev.volokno.file.Watching.TREE_NAMES;
import static dev.volokno.file.Watching.expect;
import static dev.volokno.file.Watching.expectAnyOrder;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.volokno.DeadlineException;
import dev.volokno.fiber.Select;
import dev.volokno.file.FileEvent.AttributesChanged;
import dev.volokno.file.FileEvent.Created;
import dev.volokno.file.FileEvent.Deleted;
import dev.volokno.file.FileEvent.Modified;
import dev.volokno.file.FileEvent.Moved;
import dev.volokno.file.FileEvent.Written;
import dev.volokno.file.WatchOptions.Interest;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

class DirectoryWatcherTest {
    @TempDir private Path folder;

    private Path root;
    private Path outside;

    @BeforeEach
    void makeFolders() throws Exception {
        root = Files.createDirectory(folder.resolve("root"));
        outside = Files.createDirectory(folder.resolve("outside"));
    }

    @EachConfiguration
    void theLifeOfAFileIsTold(Configuration configuration) throws Exception {
        Path file = root.resolve("file");
        configuration.run(() -> {
            try (var watcher = DirectoryWatcher.open(root)) {
                Files.writeString(file, "x");
                expect(watcher, new Created(file, false), new Modified(file), new Written(file));
                Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
                expect(watcher, new AttributesChanged(file));
                Files.delete(file);
                // The number of its links is an attribute.
                FileEvent event = watcher.take(LONG);
                assertThat(event instanceof AttributesChanged ? watcher.take(LONG) : event)
                        .isEqualTo(new Deleted(file, false));
            }
        });
    }

    @EachConfiguration
    void onlyWhatIsOfInterestIsTold(Configuration configuration) throws Exception {
        Path file = Files.writeString(root.resolve("file"), "x");
        configuration.run(() -> {
            var reading = NAMES.interestedIn(Interest.ACCESSED);
            try (var watcher = DirectoryWatcher.open(root, reading)) {
                Files.writeString(file, "y");
                Files.readString(file);
                expect(watcher, new FileEvent.Accessed(file));
            }
            var opening = NAMES.interestedIn(Interest.OPENED);
            try (var watcher = DirectoryWatcher.open(root, opening)) {
                Files.readString(file);
                expect(watcher, new FileEvent.Opened(file));
            }
        });
    }

    @EachConfiguration
    void ofManyChangesThatWaitOneIsTold(Configuration configuration) throws Exception {
        Path one = Files.createFile(root.resolve("one"));
        Path two = Files.createFile(root.resolve("two"));
        configuration.run(() -> {
            var content = NAMES.interestedIn(Interest.CONTENT);
            try (var watcher = DirectoryWatcher.open(root, content);
                    OutputStream toOne = Files.newOutputStream(one);
                    OutputStream toTwo = Files.newOutputStream(two)) {
                for (int i = 0; i < 100; i++) {
                    toOne.write(i);
                    toTwo.write(i);
                }
                Path end = Files.createFile(root.resolve("end"));
                var told = new ArrayList<FileEvent>();
                while (told.isEmpty() || !told.getLast().equals(new Created(end, false))) {
                    told.add(watcher.take(LONG));
                }
                if (configuration.confined()) {
                    // The watcher could not look before this fiber waited.
                    assertThat(told)
                            .containsExactly(
                                    new Modified(one), new Modified(two), new Created(end, false));
                }
                assertThat(told).contains(new Modified(one), new Modified(two));
            }
        });
    }

    @EachConfiguration
    void aMoveIsOneEventWithinAndHalfOfOneAcrossTheBorder(Configuration configuration)
            throws Exception {
        Path old = Files.createFile(root.resolve("old"));
        Path inner = Files.createDirectory(root.resolve("inner"));
        configuration.run(() -> {
            try (var watcher = DirectoryWatcher.open(root, TREE_NAMES)) {
                Path moved = Files.move(old, inner.resolve("new"));
                expect(watcher, new Moved(old, moved, false));
                Path away = Files.move(moved, outside.resolve("away"));
                expect(watcher, new Deleted(moved, false));
                Path back = Files.move(away, root.resolve("back"));
                expect(watcher, new Created(back, false));
                Path over = Files.createFile(root.resolve("over"));
                Files.move(back, over, StandardCopyOption.ATOMIC_MOVE);
                expect(watcher, new Created(over, false), new Moved(back, over, false));
            }
        });
    }

    @EachConfiguration
    void whatIsInAMovedDirectoryIsToldUnderItsNewName(Configuration configuration)
            throws Exception {
        Path a = Files.createDirectories(root.resolve("a/deep"));
        configuration.run(() -> {
            try (var watcher = DirectoryWatcher.open(root, TREE_NAMES)) {
                Path b = Files.move(root.resolve("a"), root.resolve("b"));
                Path file = Files.createFile(b.resolve("deep/file"));
                expect(watcher, new Moved(a.getParent(), b, true), new Created(file, false));
                Files.move(b, outside.resolve("b"));
                expect(
                        watcher,
                        new Deleted(file, false),
                        new Deleted(b.resolve("deep"), true),
                        new Deleted(b, true));
                Files.createFile(outside.resolve("b/deep/unheard"));
                Files.move(outside.resolve("b"), root.resolve("c"));
                expect(
                        watcher,
                        new Created(root.resolve("c"), true),
                        new Created(root.resolve("c/deep"), true));
                expectAnyOrder(
                        watcher,
                        new Created(root.resolve("c/deep/file"), false),
                        new Created(root.resolve("c/deep/unheard"), false));
            }
        });
    }

    @EachConfiguration
    void aDirectoryThatIsFilledBeforeItIsWatchedIsToldInFull(Configuration configuration)
            throws Exception {
        configuration.run(() -> {
            try (var watcher = DirectoryWatcher.open(root, TREE_NAMES)) {
                var model = new TreeModel(root);
                for (int i = 0; i < 20; i++) {
                    Path deep = Files.createDirectories(root.resolve(i + "/a/b/c"));
                    Files.createFile(deep.resolve("file"));
                    Files.createFile(root.resolve(i + "/a/file"));
                }
                while (model.size() < 20 * 6) {
                    model.apply(watcher.take(LONG));
                }
                assertThat(model.told()).isEqualTo(TreeModel.disk(root));
                assertThat(watcher.tryTake()).isEmpty();
            }
        });
    }

    @EachConfiguration
    void whatIsThereAlreadyIsToldIfWanted(Configuration configuration) throws Exception {
        Path inner = Files.createDirectory(root.resolve("inner"));
        Path file = Files.createFile(inner.resolve("file"));
        configuration.run(() -> {
            try (var watcher = DirectoryWatcher.open(root, TREE_NAMES.withExisting())) {
                expect(watcher, new Created(inner, true), new Created(file, false));
            }
            try (var watcher = DirectoryWatcher.open(root, NAMES.withExisting())) {
                expect(watcher, new Created(inner, true));
                Files.createFile(inner.resolve("below"));
                Path beside = Files.createFile(root.resolve("beside"));
                expect(watcher, new Created(beside, false));
                Files.delete(beside);
                Files.delete(inner.resolve("below"));
            }
        });
    }

    @EachConfiguration
    void aLinkToADirectoryIsAFileAndNotFollowed(Configuration configuration) throws Exception {
        Path link = root.resolve("link");
        configuration.run(() -> {
            Path seen = Files.createSymbolicLink(folder.resolve("seen"), root);
            try (var watcher = DirectoryWatcher.open(seen, TREE_NAMES)) {
                Files.createSymbolicLink(link, outside);
                Files.createFile(outside.resolve("file"));
                Files.delete(outside.resolve("file"));
                Files.delete(link);
                expect(
                        watcher,
                        new Created(seen.resolve("link"), false),
                        new Deleted(seen.resolve("link"), false));
            }
            Files.delete(seen);
        });
    }

    @EachConfiguration
    void aNameMayBeAnyBytes(Configuration configuration) throws Exception {
        configuration.run(() -> {
            try (var watcher = DirectoryWatcher.open(root, TREE_NAMES)) {
                for (String name : new String[] {"%FFbytes%80", "%C3%A4", "a%20b%0Ac%25"}) {
                    Path directory = Path.of(URI.create(root.toUri().toString() + name));
                    Files.createDirectory(directory);
                    Path file = Files.createFile(directory.resolve("in it"));
                    expect(watcher, new Created(directory, true), new Created(file, false));
                    Files.delete(file);
                    Files.delete(directory);
                    expect(watcher, new Deleted(file, false), new Deleted(directory, true));
                }
            }
        });
    }

    @EachConfiguration
    void twoWatchersOfOneDirectoryAreBothTold(Configuration configuration) throws Exception {
        configuration.run(() -> {
            var one = DirectoryWatcher.open(root, NAMES);
            try (var two = DirectoryWatcher.open(root, TREE_NAMES)) {
                Path file = Files.createFile(root.resolve("file"));
                expect(one, new Created(file, false));
                one.close();
                Files.delete(file);
                expect(two, new Created(file, false), new Deleted(file, false));
            }
        });
    }

    @EachConfiguration
    void eventsAreSelectedAwaitedForATimeAndGatheredUntilItIsQuiet(Configuration configuration)
            throws Exception {
        Path file = root.resolve("file");
        configuration.run(() -> {
            try (var watcher = DirectoryWatcher.open(root, NAMES)) {
                assertThatThrownBy(() -> watcher.take(Duration.ofMillis(2)))
                        .isInstanceOf(DeadlineException.class);
                Files.createFile(file);
                assertThat(
                                Select.<FileEvent>first(
                                        Select.when(watcher.taking(), event -> event),
                                        Select.after(LONG, () -> new Modified(root))))
                        .isEqualTo(new Created(file, false));
                Files.delete(file);
                Files.createFile(file);
                assertThat(watcher.takeSettled(Duration.ofMillis(50)))
                        .containsExactly(new Deleted(file, false), new Created(file, false));
                assertThat(watcher.tryTake()).isEmpty();
            }
        });
    }

    @EachConfiguration
    void whatCannotBeWatchedIsRefusedByName(Configuration configuration) throws Exception {
        Path file = Files.createFile(root.resolve("file"));
        configuration.run(() -> {
            assertThatThrownBy(() -> DirectoryWatcher.open(root.resolve("nothing")))
                    .isInstanceOf(NoSuchFileException.class)
                    .hasMessageContaining("nothing");
            assertThatThrownBy(() -> DirectoryWatcher.open(file))
                    .isInstanceOf(NotDirectoryException.class);
        });
    }
}
