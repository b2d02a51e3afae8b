package dev.volokno.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.volokno.CancelledException;
import dev.volokno.fiber.Scope;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
import dev.volokno.testing.TestLoop;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoriesTest {
    private static final int MANY = 3000;
    private static final int HUGE = 1_000_000;

    @TempDir Path directory;

    private static List<String> names(Path root, DirectoryListing listing) throws IOException {
        var names = new ArrayList<String>();
        try (listing) {
            for (DirectoryEntry entry : listing) {
                names.add(entry.type() + " " + root.relativize(entry.path()));
            }
        }
        return names;
    }

    @EachConfiguration
    void aListingHasEveryEntryOnceHoweverManyThereAre(Configuration configuration)
            throws Exception {
        for (int i = 0; i < MANY; i++) {
            Files.createFile(directory.resolve("a-longer-name-for-a-file-" + i));
        }
        configuration.run(() -> {
            Set<Path> seen = new HashSet<>();
            for (DirectoryEntry entry : Directories.list(directory)) {
                assertThat(entry.type()).isEqualTo(FileType.FILE);
                assertThat(seen.add(entry.path())).isTrue();
            }
            assertThat(seen).hasSize(MANY).allMatch(Files::exists);
            Directories.removeTree(directory.resolve("none"));
        });
        FileLeaks.assertNoneIn(directory);
    }

    @EachConfiguration
    void aListingThatIsNotReadToItsEndIsClosed(Configuration configuration) throws Exception {
        for (int i = 0; i < MANY; i++) {
            Files.createFile(directory.resolve("a-longer-name-for-a-file-" + i));
        }
        configuration.run(() -> {
            try (DirectoryListing listing = Directories.list(directory)) {
                assertThat(listing.iterator().hasNext()).isTrue();
                assertThatThrownBy(listing::iterator).isInstanceOf(IllegalStateException.class);
            }
            assertThatThrownBy(() -> Directories.list(directory.resolve("none")))
                    .isInstanceOf(NoSuchFileException.class);
            assertThatThrownBy(() -> Directories.list(Path.of("/etc/passwd")))
                    .isInstanceOf(NotDirectoryException.class);
        });
        FileLeaks.assertNoneIn(directory);
    }

    @Test
    void aListingThatWasCancelledHasTheRestOrSaysThatItHasNot() throws Exception {
        for (int i = 0; i < MANY; i++) {
            Files.createFile(directory.resolve("a-longer-name-for-a-file-" + i));
        }
        assertThat(TestLoop.create().cancelEverywhere(this::listAndGoOn)).isGreaterThan(3);
    }

    private void listAndGoOn() throws Exception {
        var seen = new HashSet<Path>();
        try (DirectoryListing listing = Directories.list(directory)) {
            var entries = listing.iterator();
            try {
                entries.forEachRemaining(entry -> seen.add(entry.path()));
            } catch (CancelledException e) {
                Scope.shield(Duration.ofMinutes(1), () -> goOn(entries, seen));
                throw e;
            }
        }
        assertThat(seen).hasSize(MANY);
    }

    private static void goOn(Iterator<DirectoryEntry> entries, Set<Path> seen) {
        try {
            entries.forEachRemaining(entry -> seen.add(entry.path()));
            assertThat(seen).hasSize(MANY);
        } catch (DirectoryIteratorException e) {
            assertThat(e).hasMessageContaining("was cancelled");
        }
    }

    @EachConfiguration
    void namesThatAreNoTextComeAndGoAsTheyAre(Configuration configuration) throws Exception {
        Path odd = PathName.path(new byte[] {'o', 'd', 'd', (byte) 0xff, (byte) 0xc3});
        configuration.run(() -> {
            Path path = PathName.path(join(directory, odd));
            RegularFile.open(path, OpenOptions.write().createNew()).close();
            Directories.make(directory.resolve("ünïcode"));
            var names = new ArrayList<String>();
            for (DirectoryEntry entry : Directories.list(directory)) {
                names.add(PathName.text(PathName.bytes(entry.path().getFileName())));
                FileNames.linkStatus(entry.path());
            }
            assertThat(names)
                    .containsExactlyInAnyOrder(
                            "odd\u00ff\u00c3", PathName.text("ünïcode".getBytes("UTF-8")));
            Directories.removeTree(directory.resolve("ünïcode"));
            FileNames.remove(path);
            assertThat(Directories.list(directory)).isEmpty();
        });
    }

    private static byte[] join(Path directory, Path name) {
        byte[] first = PathName.bytes(directory);
        byte[] second = PathName.bytes(name);
        var all = new byte[first.length + 1 + second.length];
        System.arraycopy(first, 0, all, 0, first.length);
        all[first.length] = '/';
        System.arraycopy(second, 0, all, first.length + 1, second.length);
        return all;
    }

    @EachConfiguration
    void aWalkTellsDirectoriesBeforeTheirContentAndFollowsNoLinks(Configuration configuration)
            throws Exception {
        Files.createDirectories(directory.resolve("a/b"));
        Files.createFile(directory.resolve("a/b/f"));
        Files.createSymbolicLink(directory.resolve("a/up"), directory);
        Files.createSymbolicLink(directory.resolve("a/gone"), Path.of("nowhere"));
        configuration.run(() -> {
            assertThat(names(directory, Directories.walk(directory)))
                    .containsExactlyInAnyOrder(
                            "DIRECTORY a",
                            "DIRECTORY a/b",
                            "FILE a/b/f",
                            "LINK a/up",
                            "LINK a/gone")
                    .containsSubsequence("DIRECTORY a", "DIRECTORY a/b", "FILE a/b/f");
            try (DirectoryListing listing = Directories.walkFollowing(directory)) {
                var seen = new ArrayList<String>();
                var entries = listing.iterator();
                assertThatThrownBy(
                                () -> {
                                    while (entries.hasNext()) {
                                        seen.add(
                                                directory
                                                        .relativize(entries.next().path())
                                                        .toString());
                                    }
                                })
                        .isInstanceOf(DirectoryIteratorException.class)
                        .hasCauseInstanceOf(FileSystemLoopException.class);
                while (entries.hasNext()) {
                    seen.add(directory.relativize(entries.next().path()).toString());
                }
                assertThat(seen).containsExactlyInAnyOrder("a", "a/b", "a/b/f", "a/up", "a/gone");
            }
        });
        FileLeaks.assertNoneIn(directory);
    }

    @EachConfiguration
    void directoriesAreMadeWithThoseAboveAndRemovedWithThoseBelow(Configuration configuration)
            throws Exception {
        Path outside = Files.createDirectory(directory.resolve("outside"));
        Files.createFile(outside.resolve("kept"));
        Path root = directory.resolve("root");
        configuration.run(() -> {
            Directories.makeAll(root.resolve("x/y/z"));
            Directories.makeAll(root.resolve("x/y/z"));
            Files.createFile(root.resolve("x/f"));
            assertThatThrownBy(() -> Directories.makeAll(root.resolve("x/f")))
                    .isInstanceOf(FileAlreadyExistsException.class);
            assertThatThrownBy(() -> Directories.make(root))
                    .isInstanceOf(FileAlreadyExistsException.class);
            assertThatThrownBy(() -> Directories.remove(root))
                    .isInstanceOf(DirectoryNotEmptyException.class);
            FileNames.symbolicLink(root.resolve("x/link"), outside);
            for (int i = 0; i < 1000; i++) {
                Files.createFile(root.resolve("x/y/a-longer-name-for-a-file-" + i));
            }
            Directories.sync(root);
            Directories.removeTree(root);
            assertThat(root).doesNotExist();
            assertThat(outside.resolve("kept")).exists();
            Directories.removeTree(root);
        });
        FileLeaks.assertNoneIn(directory);
    }

    /** A directory of a million names, with a heap that could not hold them. */
    @Tag("soak")
    @Test
    void aHugeDirectoryIsListedInLittleMemory() throws Exception {
        Path huge = Files.createDirectory(directory.resolve("huge"));
        for (int i = 0; i < HUGE; i++) {
            Files.createFile(huge.resolve("n" + i));
        }
        Configuration.IO_URING.run(() -> {
            long count = 0;
            for (DirectoryEntry _ : Directories.list(huge)) {
                count++;
            }
            assertThat(count).isEqualTo(HUGE);
            Directories.removeTree(huge);
        });
    }
}
