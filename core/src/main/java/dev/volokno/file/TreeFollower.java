package dev.volokno.file;

import dev.volokno.CancelledException;
import dev.volokno.descriptor.Descriptor;
import dev.volokno.file.FileEvent.Reason;
import dev.volokno.file.WatchOptions.Interest;
import dev.volokno.linux.SysInotify;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Turns the kernel's events into the user's, in a fiber of its own.
 *
 * <p>The kernel tells which name appeared in which directory, and what that name leads to has to be
 * looked up when the event is taken in: by then it may be another thing. What keeps the picture
 * right all the same: each change of a name is queued, so whatever was looked up wrongly is
 * followed by the events that correct it; every event is applied to the picture, and only what
 * changes the picture is told; and a directory has one watch, so a look that finds a watch in
 * another place of the picture knows that that place has to be looked at anew.
 */
final class TreeFollower {
    private static final int NAMED_THINGS =
            SysInotify.IN_MODIFY
                    | SysInotify.IN_ATTRIB
                    | SysInotify.IN_CLOSE_WRITE
                    | SysInotify.IN_OPEN
                    | SysInotify.IN_ACCESS;

    /** So many batches are dropped before the tree is looked at anew. */
    private static final int DROPPED_BATCHES = 256;

    private final Descriptor descriptor;
    private final InotifyQueue kernel;
    private final Picture picture;
    private final WatchOptions options;
    private final EventQueue<FileEvent> user;
    private @Nullable Replacement replaced;

    /** The last event moved a name onto another; if it is moved back next, they were exchanged. */
    private record Replacement(Node moved, Node from, String fromName) {}

    TreeFollower(
            Descriptor descriptor,
            Picture picture,
            WatchOptions options,
            EventQueue<FileEvent> user) {
        this.descriptor = descriptor;
        this.picture = picture;
        this.options = options;
        this.user = user;
        kernel = new InotifyQueue(descriptor);
    }

    /** Looks at the whole tree for the first time. */
    List<FileEvent> begin() throws IOException {
        return scan(picture.root);
    }

    /** Follows until the end, which it tells. */
    void run(List<FileEvent> existing) {
        try {
            existing.forEach(user::put);
            while (!user.isClosed()) {
                follow(kernel.next());
            }
        } catch (ClosedChannelException | CancelledException closed) {
            user.end();
        } catch (Throwable failure) {
            user.fail(failure);
        }
    }

    private void follow(RawEvent event) throws IOException {
        Replacement before = replaced;
        replaced = null;
        if (event.is(SysInotify.IN_Q_OVERFLOW)) {
            repair();
            return;
        }
        Node node = picture.watchedBy(event.watch());
        if (node == null) {
            stopIfUnknown(event);
        } else if (event.name().isEmpty()) {
            itself(node, event);
        } else if (event.is(SysInotify.IN_MOVED_FROM)) {
            moved(node, event, before);
        } else {
            named(node, event);
        }
    }

    private void named(Node directory, RawEvent event) throws IOException {
        boolean isDirectory = event.is(SysInotify.IN_ISDIR);
        if (event.is(SysInotify.IN_CREATE)) {
            appeared(directory, event.name(), isDirectory, false);
        } else if (event.is(SysInotify.IN_MOVED_TO)) {
            appeared(directory, event.name(), isDirectory, true);
        } else if (event.is(SysInotify.IN_DELETE)) {
            Node known = directory.child(event.name());
            if (known != null) {
                picture.remove(known, user::put);
            }
        } else {
            Node known = directory.child(event.name());
            if (known != null) {
                touched(known, event);
            }
        }
    }

    // ---- a directory itself

    private void itself(Node node, RawEvent event) throws IOException {
        if (event.is(SysInotify.IN_IGNORED)) {
            picture.forgetWatch(node);
        }
        if (!node.isRoot()) {
            if (event.is(SysInotify.IN_UNMOUNT)) {
                // What the mount had covered is there now.
                picture.forgetWatch(node);
                scan(node).forEach(user::put);
            }
            return;
        }
        if (event.is(SysInotify.IN_UNMOUNT)) {
            end(Reason.UNMOUNTED);
        } else if (event.is(SysInotify.IN_DELETE_SELF | SysInotify.IN_IGNORED)) {
            end(Reason.DELETED);
        } else if (event.is(SysInotify.IN_MOVE_SELF)) {
            end(Reason.MOVED);
        } else if (event.is(SysInotify.IN_ATTRIB)) {
            user.put(new FileEvent.AttributesChanged(picture.rootPath()));
        }
    }

    private void end(Reason reason) throws IOException {
        user.put(new FileEvent.Ended(picture.rootPath(), reason));
        user.end();
        throw new ClosedChannelException();
    }

    /** A watch that is not in the picture and still speaks is of no use. */
    private void stopIfUnknown(RawEvent event) throws IOException {
        if (!event.is(SysInotify.IN_IGNORED)) {
            stopWatching(event.watch());
        }
    }

    private void stopWatching(int watch) throws IOException {
        descriptor.call(
                "inotify_rm_watch",
                // EINVAL: the kernel was faster.
                (errno, number) -> Math.max(0, SysInotify.removeWatch(errno, number, watch)));
    }

    // ---- names

    private void appeared(Node directory, String name, boolean isDirectory, boolean movedIn)
            throws IOException {
        Node known = directory.child(name);
        if (known != null && known.directory != isDirectory) {
            picture.remove(known, user::put);
            known = null;
        }
        if (known == null) {
            Node node = directory.add(name, isDirectory);
            user.put(new FileEvent.Created(picture.path(node), isDirectory));
            scanIfWatched(node);
        } else if (isDirectory) {
            // It was found before its event came, and is watched unless it was gone by then.
            if (movedIn || known.watch == Node.NO_WATCH) {
                known.inode = 0;
                scanIfWatched(known);
            }
        } else if (movedIn) {
            known.inode = 0;
            known.touched();
            tell(Interest.CONTENT, new FileEvent.Modified(picture.path(known)));
        }
    }

    private void scanIfWatched(Node node) throws IOException {
        if (node.directory && options.tree()) {
            scan(node).forEach(user::put);
        }
    }

    private void moved(Node directory, RawEvent from, @Nullable Replacement before)
            throws IOException {
        Node node = directory.child(from.name());
        boolean isDirectory = from.is(SysInotify.IN_ISDIR);
        Optional<RawEvent> to = kernel.partner(from);
        Node target = to.map(event -> picture.watchedBy(event.watch())).orElse(null);
        if (to.isEmpty() || target == null) {
            if (node != null) {
                movedOut(node);
            }
        } else if (node == null
                || node.directory != isDirectory
                || node.contains(target)
                || isBelow(target.child(to.get().name()), node)) {
            if (node != null) {
                movedOut(node);
            }
            // Removing it may have taken the target along, if the picture was not right.
            if (picture.root.contains(target)) {
                appeared(target, to.get().name(), isDirectory, true);
            }
        } else if (isExchange(before, node, target, to.get())) {
            appeared(target, to.get().name(), isDirectory, true);
        } else {
            move(node, target, to.get().name());
        }
    }

    /** Nothing takes the place of what it is in: then the picture was not right either. */
    private static boolean isBelow(@Nullable Node place, Node node) {
        return place != null && place != node && place.contains(node);
    }

    private void movedOut(Node node) throws IOException {
        stopWatchingAll(node);
        picture.remove(node, user::put);
    }

    private void stopWatchingAll(Node node) throws IOException {
        if (node.watch != Node.NO_WATCH) {
            stopWatching(node.watch);
        }
        for (Node child : node.children()) {
            if (child.directory) {
                stopWatchingAll(child);
            }
        }
    }

    private void move(Node node, Node target, String name) throws IOException {
        Path before = picture.path(node);
        Node old = target.child(name);
        if (old != null && old != node) {
            picture.empty(old, user::put);
            picture.drop(old);
        }
        Node from = node.parent();
        String fromName = node.name();
        node.moveTo(target, name);
        user.put(new FileEvent.Moved(before, picture.path(node), node.directory));
        if (old != null && from != null) {
            replaced = new Replacement(node, from, fromName);
        }
        for (Node missed : picture.missedIn(node)) {
            scanIfWatched(missed);
        }
    }

    /**
     * renameat2(2) with {@code RENAME_EXCHANGE} tells two moves, a to b and b to a, as moving there
     * and back does; only then b is gone.
     */
    private boolean isExchange(@Nullable Replacement before, Node node, Node target, RawEvent to)
            throws IOException {
        if (before == null
                || before.moved != node
                || before.from != target
                || !before.fromName.equals(to.name())) {
            return false;
        }
        String rawPath = picture.rawPath(node);
        long there =
                descriptor.blockingCall(
                        "statx", (errno, number) -> OpenDirectory.exists(errno, rawPath) ? 1 : 0);
        return there == 1;
    }

    // ---- what happens to a file besides its name

    private void touched(Node node, RawEvent event) {
        if (event.is(SysInotify.IN_MODIFY | SysInotify.IN_ATTRIB)) {
            node.touched();
        }
        int bits = event.mask() & NAMED_THINGS;
        if (node.toldIn != event.batch().number()) {
            node.toldIn = event.batch().number();
            node.told = 0;
        }
        if ((node.told & bits) == bits) {
            return;
        }
        // What comes after the end of writing is another story.
        node.told = bits == SysInotify.IN_CLOSE_WRITE ? bits : node.told | bits;
        tellTouched(node, event);
    }

    private void tellTouched(Node node, RawEvent event) {
        if (event.is(SysInotify.IN_ATTRIB)) {
            user.put(new FileEvent.AttributesChanged(picture.path(node)));
        }
        if (node.directory) {
            // A directory is opened and read by whoever looks, us among them.
            return;
        }
        if (event.is(SysInotify.IN_MODIFY)) {
            user.put(new FileEvent.Modified(picture.path(node)));
        }
        if (event.is(SysInotify.IN_CLOSE_WRITE)) {
            user.put(new FileEvent.Written(picture.path(node)));
        }
        if (event.is(SysInotify.IN_OPEN)) {
            user.put(new FileEvent.Opened(picture.path(node)));
        }
        if (event.is(SysInotify.IN_ACCESS)) {
            user.put(new FileEvent.Accessed(picture.path(node)));
        }
    }

    private void tell(Interest interest, FileEvent event) {
        if (options.interests().contains(interest)) {
            user.put(event);
        }
    }

    // ---- looking

    private void repair() throws IOException {
        user.put(new FileEvent.Overflowed(picture.rootPath()));
        kernel.drop(DROPPED_BATCHES);
        int watch = picture.root.watch;
        List<FileEvent> difference;
        try {
            difference = scan(picture.root);
        } catch (java.nio.file.NoSuchFileException gone) {
            end(Reason.DELETED);
            return;
        }
        if (picture.root.watch != watch) {
            // Another directory has the name now.
            end(Reason.MOVED);
        }
        difference.forEach(user::put);
    }

    /** Looks at a directory, on a worker, while nothing else is done with the picture. */
    private List<FileEvent> scan(Node node) throws IOException {
        List<FileEvent> found = new ArrayList<>();
        var setting = new TreeScan.Setting(options, kernel.caughtUp(), found::add, user::isClosed);
        var scan = new TreeScan(picture, setting);
        long[] result = {0};
        descriptor.blockingCall(
                "inotify_add_watch",
                (errno, number) -> {
                    result[0] = scan.scan(errno, number, node);
                    return 0;
                });
        if (result[0] < 0) {
            throw WatchFailure.of(result[0], picture.path(scan.failedAt()));
        }
        return found;
    }
}
