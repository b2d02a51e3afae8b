package dev.volokno.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The picture that a user has who believes every event, and whether a name is a directory. */
final class TreeModel {
    private final TreeMap<Path, Boolean> known = new TreeMap<>();
    private final Path root;

    TreeModel(Path root) {
        this.root = root;
    }

    /** Takes in an event, which must fit what was told before: nothing appears or goes twice. */
    void apply(FileEvent event) {
        switch (event) {
            case FileEvent.Created(Path path, boolean directory) -> {
                require(known.put(path, directory) == null, event, "known already");
                Path parent = path.getParent();
                require(parent.equals(root) || isDirectory(parent), event, "in nothing known");
            }
            case FileEvent.Deleted(Path path, boolean directory) -> {
                Boolean before = known.remove(path);
                require(before != null && before == directory, event, "not known");
            }
            case FileEvent.Moved(Path from, Path to, boolean directory) -> {
                Boolean before = known.get(from);
                require(before != null && before == directory, event, "not known");
                move(from, to);
            }
            case FileEvent.Modified(Path path) -> requireFile(path, event);
            case FileEvent.Written(Path path) -> requireFile(path, event);
            case FileEvent.AttributesChanged(Path path) ->
                    require(path.equals(root) || known.containsKey(path), event, "not known");
            case FileEvent.Overflowed _, FileEvent.Opened _, FileEvent.Accessed _ -> {
                // No name changes.
            }
            case FileEvent.Unwatched _, FileEvent.Ended _ -> throw new AssertionError(event);
        }
    }

    private void requireFile(Path path, FileEvent event) {
        Boolean directory = known.get(path);
        require(directory != null && !directory, event, "of no file");
    }

    private boolean isDirectory(Path path) {
        Boolean directory = known.get(path);
        return directory != null && directory;
    }

    /** There are too many events for assertions that explain themselves. */
    private static void require(boolean holds, FileEvent event, String objection) {
        if (!holds) {
            throw new AssertionError(event + ", " + objection);
        }
    }

    private void move(Path from, Path to) {
        known.remove(to);
        var moved = new TreeMap<Path, Boolean>();
        Iterator<Map.Entry<Path, Boolean>> later = known.tailMap(from).entrySet().iterator();
        boolean near = true;
        while (near && later.hasNext()) {
            Map.Entry<Path, Boolean> entry = later.next();
            Path path = entry.getKey();
            if (path.startsWith(from)) {
                moved.put(to.resolve(from.relativize(path)), entry.getValue());
                later.remove();
            } else {
                // Sorted by bytes, "a b" stands between "a" and "a/b".
                near = path.toString().startsWith(from.toString());
            }
        }
        known.putAll(moved);
    }

    boolean has(Path path) {
        return known.containsKey(path);
    }

    int size() {
        return known.size();
    }

    Map<Path, Boolean> told() {
        return known;
    }

    /** What is there. */
    static Map<Path, Boolean> disk(Path root) throws IOException {
        var found = new TreeMap<Path, Boolean>();
        try (Stream<Path> all = Files.walk(root)) {
            all.filter(path -> !path.equals(root))
                    .forEach(path ->
                            found.put(path, Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)));
        }
        return found;
    }
}
