package dev.volokno.file;

import dev.volokno.linux.Fcntl;
import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * A tree of directories, each before what is in it. As many directories are open as the tree is
 * deep, and only those that are large.
 */
final class TreeWalk implements DirectoryListing.Source {
    private final boolean following;
    private final ArrayDeque<Level> levels = new ArrayDeque<>();

    /** A directory that was told, and is entered next. */
    private @Nullable Path entered;

    private record Level(DirectoryReader reader, @Nullable FileStatus directory) {}

    TreeWalk(Path root, boolean following) {
        this.following = following;
        entered = root;
    }

    @Override
    public @Nullable DirectoryEntry next() throws IOException {
        Path into = entered;
        if (into != null) {
            entered = null;
            enter(into);
        }
        while (!levels.isEmpty()) {
            DirectoryEntry entry = levels.peek().reader.next();
            if (entry != null) {
                return told(entry);
            }
            levels.pop();
        }
        return null;
    }

    private void enter(Path path) throws IOException {
        FileStatus status = following ? FileStatus.of(path, 0) : null;
        if (status != null) {
            for (Level above : levels) {
                if (above.directory != null && above.directory.isSameFile(status)) {
                    throw new FileSystemLoopException(path.toString());
                }
            }
        }
        // What was a directory a moment ago may be a link to one now. The root may be a link.
        int flags = following || levels.isEmpty() ? 0 : Fcntl.O_NOFOLLOW;
        levels.push(new Level(DirectoryReader.open(path, flags), status));
    }

    private DirectoryEntry told(DirectoryEntry entry) throws IOException {
        FileType type = entry.type();
        boolean look = type == FileType.UNKNOWN || (following && type == FileType.LINK);
        if (look) {
            type = FileNames.typeOf(entry.path(), following);
        }
        if (type == FileType.DIRECTORY) {
            entered = entry.path();
        }
        return new DirectoryEntry(entry.path(), type, entry.inode());
    }

    @Override
    public void close() throws IOException {
        entered = null;
        while (!levels.isEmpty()) {
            levels.pop().reader.close();
        }
    }
}
