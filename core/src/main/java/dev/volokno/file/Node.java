package dev.volokno.file;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A file or directory in the picture that a watcher has of its tree. */
final class Node {
    /** The file has changed since it was looked at. */
    static final long UNKNOWN = Long.MIN_VALUE;

    static final int NO_WATCH = -1;

    final boolean directory;
    private @Nullable Node parent;
    private String name;

    /** Directories only, and only if not empty. */
    private @Nullable Map<String, Node> children;

    int watch = NO_WATCH;

    // As they were at the last look; 0 and UNKNOWN before that.
    long inode;
    long modified = UNKNOWN;
    long changed = UNKNOWN;
    long size;

    /** What was told of it in which batch of the kernel's events. */
    long toldIn;

    int told;

    private Node(String name, boolean directory) {
        this.name = name;
        this.directory = directory;
    }

    static Node root() {
        return new Node("", true);
    }

    /** The root has no name, and everything else has one, also when it was taken out. */
    boolean isRoot() {
        return name.isEmpty();
    }

    @Nullable Node parent() {
        return parent;
    }

    String name() {
        return name;
    }

    @Nullable Node child(String wanted) {
        return children == null ? null : children.get(wanted);
    }

    /** What is in it, as a copy. */
    List<Node> children() {
        return children == null ? List.of() : List.copyOf(children.values());
    }

    Collection<String> names() {
        return children == null ? List.of() : List.copyOf(children.keySet());
    }

    Node add(String newName, boolean isDirectory) {
        var child = new Node(newName, isDirectory);
        child.moveTo(this, newName);
        return child;
    }

    /** Takes it out of its directory. */
    void detach() {
        Node from = parent;
        if (from != null && from.children != null) {
            from.children.remove(name);
        }
        parent = null;
    }

    /** Puts it into a directory that has no such name. */
    void moveTo(Node newParent, String newName) {
        detach();
        parent = newParent;
        name = newName;
        if (newParent.children == null) {
            newParent.children = new HashMap<>();
        }
        newParent.children.put(newName, this);
    }

    /** Whether {@code inner} is this or somewhere below. */
    boolean contains(Node inner) {
        Node at = inner;
        while (at != null && at != this) {
            at = at.parent;
        }
        return at == this;
    }

    /** Its names from the root's on; empty for the root. */
    String path() {
        Node above = parent;
        return above == null || above.isRoot() ? name : above.path() + '/' + name;
    }

    /** Its content or attributes are no longer those of the last look. */
    void touched() {
        modified = UNKNOWN;
        changed = UNKNOWN;
    }
}
