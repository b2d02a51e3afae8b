package dev.volokno.file;

import static dev.volokno.file.Watching.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.volokno.SystemCallException;
import dev.volokno.file.FileEvent.Created;
import dev.volokno.file.FileEvent.Deleted;
import dev.volokno.file.FileEvent.Modified;
import dev.volokno.file.FileEvent.Moved;
import dev.volokno.file.FileEvent.Written;
import dev.volokno.file.WatchOptions.Interest;
import dev.volokno.support.ChildJava;
import dev.volokno.support.Configuration;
import dev.volokno.support.EachConfiguration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class FilesystemWatcherTest {
    private static final FilesystemOptions WHOLE =
            FilesystemOptions.of(Extent.FILESYSTEM).interestedIn(Interest.WRITTEN);

    private static final String UNPRIVILEGED =
            """
            import dev.volokno.file.*;
            import dev.volokno.loop.Loop;
            import java.nio.file.*;

            void main(String[] args) throws Exception {
                var folder = Path.of(args[0]);
                Loop.run(() -> {
                    try {
                        FilesystemWatcher.open(folder, FilesystemOptions.of(Extent.FILESYSTEM));
                    } catch (IOException e) {
                        IO.println(e.getMessage());
                    }
                    try {
                        FilesystemGuard.open(folder, GuardOptions.of(Extent.DIRECTORY));
                    } catch (IOException e) {
                        IO.println(e.getMessage());
                    }
                    var names = FilesystemOptions.of(Extent.DIRECTORY).interestedIn();
                    try (var watcher = FilesystemWatcher.open(folder, names)) {
                        Files.createFile(folder.resolve("file"));
                        IO.println(watcher.take());
                    }
                });
            }
            """;

    @TempDir private Path folder;

    private Path root;

    @BeforeEach
    void makeFolder() throws Exception {
        root = Files.createDirectory(folder.resolve("root"));
    }

    @EachConfiguration
    void aWholeFileSystemIsToldByNameAndByProcess(Configuration configuration) throws Exception {
        try (var mounted = Mounted.tmpfs(root)) {
            Path deep = Files.createDirectories(root.resolve("a/b"));
            configuration.run(() -> {
                try (var watcher = FilesystemWatcher.open(root, WHOLE)) {
                    Path file = Files.writeString(deep.resolve("file"), "x");
                    Path moved = Files.move(file, root.resolve("moved"));
                    Files.delete(moved);
                    var told = new ArrayList<FileEvent>();
                    while (told.isEmpty() || !told.getLast().equals(new Deleted(moved, false))) {
                        FilesystemEvent event = watcher.take(LONG);
                        assertThat(event.pid()).isEqualTo((int) ProcessHandle.current().pid());
                        assertThat(event.process()).isEmpty();
                        told.add(event.event());
                    }
                    assertThat(told)
                            .containsExactly(
                                    new Created(file, false),
                                    new Written(file),
                                    new Moved(file, moved, false),
                                    new Deleted(moved, false));
                }
            });
            mounted.unmount();
        }
    }

    @EachConfiguration
    void whatIsBelowAMovedDirectoryIsToldWhereItIs(Configuration configuration) throws Exception {
        try (var mounted = Mounted.tmpfs(root)) {
            Path old = Files.createDirectories(root.resolve("old"));
            configuration.run(() -> {
                var names = FilesystemOptions.of(Extent.FILESYSTEM).interestedIn();
                try (var watcher = FilesystemWatcher.open(root, names)) {
                    Files.createFile(old.resolve("one"));
                    assertThat(watcher.take(LONG).event())
                            .isEqualTo(new Created(old.resolve("one"), false));
                    Path now = Files.move(old, root.resolve("now"));
                    assertThat(watcher.take(LONG).event()).isEqualTo(new Moved(old, now, true));
                    Files.createFile(now.resolve("two"));
                    assertThat(watcher.take(LONG).event())
                            .isEqualTo(new Created(now.resolve("two"), false));
                }
            });
            mounted.unmount();
        }
    }

    @EachConfiguration
    void aMountTellsContents(Configuration configuration) throws Exception {
        try (var mounted = Mounted.tmpfs(root)) {
            Path file = Files.createFile(root.resolve("file"));
            configuration.run(() -> {
                var contents =
                        FilesystemOptions.of(Extent.MOUNT)
                                .interestedIn(Interest.CONTENT, Interest.ATTRIBUTES);
                try (var watcher = FilesystemWatcher.open(root, contents)) {
                    Files.writeString(file, "x");
                    assertThat(watcher.take(LONG).event()).isEqualTo(new Modified(file));
                }
            });
            mounted.unmount();
        }
    }

    @EachConfiguration
    void aProcessIsHeldByADescriptor(Configuration configuration) throws Exception {
        try (var mounted = Mounted.tmpfs(root)) {
            configuration.run(() -> {
                var names = FilesystemOptions.of(Extent.FILESYSTEM).interestedIn().withProcesses();
                try (var watcher = FilesystemWatcher.open(root, names)) {
                    // One that goes on: the kernel has no descriptor for one that has ended.
                    var child =
                            new ProcessBuilder("sh", "-c", ": > file; read line")
                                    .directory(root.toFile())
                                    .start();
                    FilesystemEvent event = watcher.take(LONG);
                    assertThat(event.pid()).isEqualTo((int) child.pid());
                    child.getOutputStream().close();
                    if (event.process().isPresent()) {
                        try (var process = event.process().get()) {
                            process.awaitReadable(LONG);
                        }
                    }
                    child.waitFor();
                    Files.createFile(root.resolve("nobody takes it"));
                }
            });
            mounted.unmount();
        }
    }

    @Test
    @Timeout(60)
    void withoutPrivilegesADirectoryCanBeWatchedAndTheRestSaysWhatItNeeds() throws Exception {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxrwxrwx"));
        List<String> said =
                ChildJava.of(folder, UNPRIVILEGED)
                        .opened()
                        .unprivileged()
                        .run(root.toString())
                        .lines()
                        .toList();
        assertThat(said).hasSize(3);
        assertThat(said.get(0)).contains("EPERM").contains("CAP_SYS_ADMIN");
        assertThat(said.get(1)).contains("EPERM").contains("CAP_SYS_ADMIN");
        assertThat(said.get(2)).contains(new Created(root.resolve("file"), false).toString());
    }

    @EachConfiguration
    void whatIsNotThereIsRefusedByName(Configuration configuration) throws Exception {
        configuration.run(() ->
                assertThatThrownBy(() ->
                                FilesystemWatcher.open(
                                        root.resolve("nothing"),
                                        FilesystemOptions.of(Extent.DIRECTORY)))
                        .isInstanceOf(IOException.class)
                        .isNotInstanceOf(SystemCallException.class)
                        .hasMessageContaining("nothing"));
    }
}
