package dev.volokno.file;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A watched tree as the user has been told of it: what it does not hold, nobody knows of. It costs
 * about 200 bytes a file. Whoever works for the watcher has it for the time of the work.
 */
final class Picture {
    final Node root = Node.root();
    private final Path path;
    private final String rawPath;
    private final Map<Integer, Node> watches = new HashMap<>();

    /** Directories that were not where they should be when they were to be watched. */
    private final Set<Node> missing = new HashSet<>();

    Picture(Path path) {
        this.path = path;
        rawPath = PathName.raw(path.toAbsolutePath());
    }

    Path rootPath() {
        return path;
    }

    /** As the user knows it. */
    Path path(Node node) {
        return node.isRoot() ? path : PathName.resolve(path, node.path());
    }

    /** As the kernel knows it. */
    String rawPath(Node node) {
        return node.isRoot() ? rawPath : rawPath + '/' + node.path();
    }

    @Nullable Node watchedBy(int watch) {
        return watches.get(watch);
    }

    /** Gives a watch to a directory: who had it before, if that is another one. */
    @Nullable Node claim(int watch, Node node) {
        if (node.watch != watch) {
            forgetWatch(node);
        }
        missing.remove(node);
        Node before = watches.put(watch, node);
        node.watch = watch;
        if (before == null || before == node) {
            return null;
        }
        before.watch = Node.NO_WATCH;
        return before;
    }

    void forgetWatch(Node node) {
        if (node.watch != Node.NO_WATCH) {
            watches.remove(node.watch, node);
            node.watch = Node.NO_WATCH;
        }
    }

    /** It is not there: perhaps a directory above it was moved, of which an event will tell. */
    void missed(Node node) {
        forgetWatch(node);
        missing.add(node);
    }

    /** What was missed in a directory that has been moved since, and may be found now. */
    List<Node> missedIn(Node moved) {
        return missing.stream().filter(moved::contains).toList();
    }

    /** Takes out a file, or a directory with all that is in it, and tells so. */
    void remove(Node node, Consumer<FileEvent> told) {
        empty(node, told);
        told.accept(new FileEvent.Deleted(path(node), node.directory));
        drop(node);
    }

    /** Takes out what is empty, without a word. */
    void drop(Node node) {
        forgetWatch(node);
        missing.remove(node);
        node.detach();
    }

    /** Takes out all that is in a directory, and tells so. */
    void empty(Node node, Consumer<FileEvent> told) {
        node.children().forEach(child -> remove(child, told));
    }
}
