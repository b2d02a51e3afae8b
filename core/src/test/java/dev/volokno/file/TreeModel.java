package dev.volokno.file;

import static org.assertj.core.api.Assertions.assertThat;

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
                assertThat(known.put(path, directory)).as("%s, known already", event).isNull();
                assertThat(path.getParent())
                        .satisfiesAnyOf(
                                parent -> assertThat(parent).isEqualTo(root),
                                parent -> assertThat(known).containsKey(parent));
            }
            case FileEvent.Deleted(Path path, boolean directory) ->
                    assertThat(known.remove(path)).as("%s, not known", event).isEqualTo(directory);
            case FileEvent.Moved(Path from, Path to, boolean directory) -> {
                assertThat(known.get(from)).as("%s, not known", event).isEqualTo(directory);
                move(from, to);
            }
            case FileEvent.Modified(Path path) ->
                    assertThat(known.get(path)).as("%s", event).isFalse();
            case FileEvent.AttributesChanged(Path path) ->
                    assertThat(path.equals(root) || known.containsKey(path)).isTrue();
            case FileEvent.Written(Path path) ->
                    assertThat(known.get(path)).as("%s", event).isFalse();
            case FileEvent.Overflowed _, FileEvent.Opened _, FileEvent.Accessed _ -> {
                // No name changes.
            }
            case FileEvent.Unwatched _, FileEvent.Ended _ -> throw new AssertionError(event);
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
