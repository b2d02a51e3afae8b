package dev.volokno.file;

import dev.volokno.CancelledException;
import dev.volokno.backend.ReadOperation;
import dev.volokno.descriptor.Descriptor;
import dev.volokno.descriptor.Kind;
import dev.volokno.descriptor.Turns.Direction;
import dev.volokno.fd.Fd;
import dev.volokno.file.FanotifyEvent.Name;
import dev.volokno.linux.SysFanotify;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Turns the events of a fanotify group into the user's, in a fiber of its own. */
final class FilesystemFollower {
    private static final int CAPACITY = 65_536;

    private final Descriptor descriptor;
    private final Path root;
    private final HandlePaths paths;
    private final EventQueue<FilesystemEvent> user;
    private final ReadOperation read;
    private final ByteBuffer buffer =
            ByteBuffer.allocateDirect(CAPACITY).order(ByteOrder.nativeOrder());
    private final FanotifyDecoder decoder = new FanotifyDecoder(buffer);

    FilesystemFollower(Descriptor descriptor, Path root, EventQueue<FilesystemEvent> user) {
        this.descriptor = descriptor;
        this.root = root;
        this.user = user;
        paths = new HandlePaths(root);
        read = new ReadOperation(descriptor.handle(), false);
    }

    void begin() throws IOException {
        paths.learnRoot(descriptor);
    }

    void run() {
        try {
            while (!user.isClosed()) {
                follow(read());
            }
        } catch (ClosedChannelException | CancelledException closed) {
            user.end();
        } catch (Throwable failure) {
            user.fail(failure);
        }
    }

    private List<FanotifyEvent> read() throws IOException {
        descriptor.enter(Direction.READ);
        try {
            return decoder.decode((int) descriptor.read(read.into(buffer.clear())));
        } finally {
            read.letGo();
            descriptor.leave(Direction.READ);
        }
    }

    private void follow(List<FanotifyEvent> events) throws IOException {
        int told = 0;
        try {
            boolean look = true;
            while (told < events.size()) {
                if (look) {
                    lookUp(events.subList(told, events.size()));
                }
                look = tell(events.get(told++));
            }
        } finally {
            // Also when nothing can be looked up: they may hold descriptors of processes.
            while (told < events.size()) {
                tell(events.get(told++));
            }
        }
    }

    private void lookUp(List<FanotifyEvent> events) throws IOException {
        var handles = new ArrayList<String>();
        for (FanotifyEvent event : events) {
            add(handles, event.at());
            add(handles, event.movedTo());
        }
        paths.lookUp(descriptor, handles);
    }

    private static void add(List<String> handles, @Nullable Name name) {
        if (name != null) {
            handles.add(name.directory());
        }
    }

    /**
     * Of one file the kernel may tell several things in one event, whose order nobody knows. True
     * if directories may be elsewhere from now on.
     */
    private boolean tell(FanotifyEvent event) {
        Optional<Fd> process =
                event.pidfd() < 0
                        ? Optional.empty()
                        : Optional.of(
                                new Fd(
                                        Descriptor.opened(
                                                descriptor.engine(),
                                                event.pidfd(),
                                                Kind.ANY,
                                                "process " + event.pid())));
        List<FileEvent> told = meaning(event);
        if (told.isEmpty()) {
            process.ifPresent(FilesystemWatcher::closeQuietly);
        }
        for (FileEvent each : told) {
            boolean last = each == told.getLast();
            var whole = new FilesystemEvent(each, event.pid(), last ? process : Optional.empty());
            if (!user.put(whole) && last) {
                process.ifPresent(FilesystemWatcher::closeQuietly);
            }
        }
        return paths.forget(event);
    }

    private List<FileEvent> meaning(FanotifyEvent event) {
        if (event.is(SysFanotify.FAN_Q_OVERFLOW)) {
            return List.of(new FileEvent.Overflowed(root));
        }
        boolean directory = event.is(SysFanotify.FAN_ONDIR);
        var told = new ArrayList<FileEvent>();
        Name to = event.movedTo();
        Name at = event.at();
        if (event.is(SysFanotify.FAN_RENAME)) {
            told.add(renamed(at, to, directory));
        } else if (at != null) {
            happened(event, paths.resolve(at), told);
        }
        return told;
    }

    private FileEvent renamed(@Nullable Name from, @Nullable Name to, boolean directory) {
        if (from == null) {
            return new FileEvent.Created(paths.resolve(Objects.requireNonNull(to)), directory);
        }
        Path before = paths.resolve(from);
        return to == null
                ? new FileEvent.Deleted(before, directory)
                : new FileEvent.Moved(before, paths.resolve(to), directory);
    }

    private static void happened(FanotifyEvent event, Path path, List<FileEvent> told) {
        boolean directory = event.is(SysFanotify.FAN_ONDIR);
        if (event.is(SysFanotify.FAN_CREATE | SysFanotify.FAN_MOVED_TO)) {
            told.add(new FileEvent.Created(path, directory));
        }
        if (event.is(SysFanotify.FAN_ATTRIB)) {
            told.add(new FileEvent.AttributesChanged(path));
        }
        if (!directory) {
            happenedToFile(event, path, told);
        }
        if (event.is(SysFanotify.FAN_DELETE | SysFanotify.FAN_MOVED_FROM)) {
            told.add(new FileEvent.Deleted(path, directory));
        }
    }

    private static void happenedToFile(FanotifyEvent event, Path path, List<FileEvent> told) {
        if (event.is(SysFanotify.FAN_OPEN)) {
            told.add(new FileEvent.Opened(path));
        }
        if (event.is(SysFanotify.FAN_ACCESS)) {
            told.add(new FileEvent.Accessed(path));
        }
        if (event.is(SysFanotify.FAN_MODIFY)) {
            told.add(new FileEvent.Modified(path));
        }
        if (event.is(SysFanotify.FAN_CLOSE_WRITE)) {
            told.add(new FileEvent.Written(path));
        }
    }
}
