package dev.volokno.file;

import dev.volokno.file.OpenDirectory.Status;
import dev.volokno.file.WatchOptions.Interest;
import dev.volokno.linux.Errno;
import dev.volokno.linux.SysInotify;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Looks at directories, on a worker, watches them and brings the picture up to date; what that
 * changes is told. A directory is opened first, and watched and read through the open descriptor:
 * so both are of the same one, even while others rename. It is watched before it is read, so that
 * what appears meanwhile is found twice rather than never, and the picture knows what it has.
 */
final class TreeScan {
    /** Nothing is watched, only looked at. */
    static final int NO_INOTIFY = -1;

    /** The kernel takes a file's times from a clock that ticks in a few milliseconds. */
    private static final long CLOCK_SLACK_NANOS = 1_000_000_000L;

    private final Picture picture;
    private final WatchOptions options;
    private final int mask;
    private final long knownUntil;
    private final Consumer<FileEvent> told;
    private final BooleanSupplier givenUp;
    private final ArrayDeque<Node> todo = new ArrayDeque<>();
    private final Set<Node> done = new HashSet<>();

    /** Where a failure was found. */
    private Node at;

    /**
     * What a scan works with.
     *
     * @param knownUntil what changed before that time, of the wall clock, was told
     * @param told gets what was found out
     * @param givenUp whether nobody wants to know any more
     */
    record Setting(
            WatchOptions options,
            long knownUntil,
            Consumer<FileEvent> told,
            BooleanSupplier givenUp) {}

    TreeScan(Picture picture, Setting setting) {
        this.picture = picture;
        options = setting.options;
        mask = InotifyMask.of(options);
        knownUntil = setting.knownUntil;
        told = setting.told;
        givenUp = setting.givenUp;
        at = picture.root;
    }

    /** Which directory a failure was about. */
    Node failedAt() {
        return at;
    }

    /** Brings a directory, and with a tree all below, up to date: 0, or the negated errno. */
    long scan(MemorySegment errno, int inotify, Node start) {
        todo.add(start);
        Node node = todo.poll();
        while (node != null && !givenUp.getAsBoolean()) {
            // What was found gone meanwhile is not in the picture any more.
            if (picture.root.contains(node) && done.add(node)) {
                at = node;
                long result = scanOne(errno, inotify, node);
                if (result < 0) {
                    return result;
                }
            }
            node = todo.poll();
        }
        return 0;
    }

    private long scanOne(MemorySegment errno, int inotify, Node node) {
        try (var directory = OpenDirectory.open(errno, picture.rawPath(node), node.isRoot())) {
            long result = directory.number();
            if (result >= 0 && inotify != NO_INOTIFY) {
                result = watch(errno, inotify, directory.number(), node);
            }
            return result < 0 ? unwatched(node, result) : compare(directory, node);
        }
    }

    private long watch(MemorySegment errno, int inotify, int directory, Node node) {
        int watch;
        try (Arena arena = Arena.ofConfined()) {
            String link = "/proc/self/fd/" + directory;
            long path = arena.allocateFrom(link, StandardCharsets.ISO_8859_1).address();
            watch = SysInotify.addWatch(errno, inotify, path, mask);
        }
        if (watch >= 0) {
            Node loser = picture.claim(watch, node);
            if (loser != null && done.contains(loser)) {
                // It was looked up where this one is in truth; an event will tell of both.
                picture.missed(loser);
            } else if (loser != null) {
                // What the picture had there is here in truth: something else may be there now.
                todo.add(loser);
            }
        }
        return watch;
    }

    /** What a directory's failure means: mostly that it has gone, which an event will tell. */
    private long unwatched(Node node, long result) {
        if (node.isRoot()) {
            return result;
        }
        if (OpenDirectory.isGone(result)) {
            picture.missed(node);
            return 0;
        }
        picture.forgetWatch(node);
        if (isShortage(result)) {
            return result;
        }
        told.accept(new FileEvent.Unwatched(picture.path(node), Errno.nameOf(result)));
        return 0;
    }

    private static boolean isShortage(long result) {
        return Errno.ENOSPC.is(result)
                || Errno.ENOMEM.is(result)
                || Errno.EMFILE.is(result)
                || Errno.ENFILE.is(result)
                || Errno.EBADF.is(result);
    }

    private long compare(OpenDirectory directory, Node node) {
        Status own = directory.status();
        if (own != null) {
            node.inode = own.inode();
        }
        List<String> names = new ArrayList<>();
        long result = directory.list(names);
        if (result < 0) {
            return unwatched(node, result);
        }
        var gone = new HashSet<>(node.names());
        for (String name : names) {
            Status status = directory.status(name);
            if (status != null) {
                gone.remove(name);
                meet(node, name, status);
            }
        }
        for (String name : gone) {
            Node child = node.child(name);
            if (child != null) {
                picture.remove(child, told);
            }
        }
        return 0;
    }

    private void meet(Node directory, String name, Status status) {
        Node known = directory.child(name);
        if (known != null && isAnother(known, status)) {
            picture.remove(known, told);
            known = null;
        }
        if (known == null) {
            known = directory.add(name, status.isDirectory());
            told.accept(new FileEvent.Created(picture.path(known), known.directory));
        } else {
            tellChange(known, status);
        }
        known.inode = status.inode();
        known.modified = status.modified();
        known.changed = status.changed();
        known.size = status.size();
        if (options.tree() && known.directory) {
            todo.add(known);
        }
    }

    private static boolean isAnother(Node known, Status status) {
        boolean otherInode = known.inode != 0 && known.inode != status.inode();
        return known.directory != status.isDirectory() || otherInode;
    }

    private void tellChange(Node known, Status status) {
        boolean changed =
                known.changed == Node.UNKNOWN
                        ? status.changed() >= knownUntil - CLOCK_SLACK_NANOS
                        : status.changed() != known.changed;
        if (!changed) {
            return;
        }
        boolean content =
                !known.directory
                        && (status.modified() != known.modified || status.size() != known.size);
        if (content && options.interests().contains(Interest.CONTENT)) {
            told.accept(new FileEvent.Modified(picture.path(known)));
        } else if (!content
                && !known.directory
                && options.interests().contains(Interest.ATTRIBUTES)) {
            told.accept(new FileEvent.AttributesChanged(picture.path(known)));
        }
    }
}
