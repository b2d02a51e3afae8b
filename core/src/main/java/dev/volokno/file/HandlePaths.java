package dev.volokno.file;

import dev.volokno.descriptor.Descriptor;
import dev.volokno.linux.Fcntl;
import dev.volokno.linux.FileHandles;
import dev.volokno.linux.Memory;
import dev.volokno.linux.SysFanotify;
import dev.volokno.linux.Unistd;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Where the directories are that the kernel names by handles: looked up on a worker, and remembered
 * until a directory is moved. What was removed before anybody asked has no path any more.
 */
final class HandlePaths {
    private static final int REMEMBERED = 10_000;
    private static final String GONE = " (deleted)";

    private final String root;
    private final LinkedHashMap<String, String> known = new LinkedHashMap<>(16, 0.75f, true);

    HandlePaths(Path root) {
        this.root = PathName.raw(root.toAbsolutePath());
    }

    /** Learns the watched directory's own handle, for which no privilege is needed. */
    void learnRoot(Descriptor worker) throws IOException {
        var handle = new String[] {""};
        worker.blockingCall(
                "name_to_handle_at",
                (errno, number) -> {
                    handle[0] = handleOf(errno, root);
                    return 0;
                });
        if (!handle[0].isEmpty()) {
            known.put(handle[0], root);
        }
    }

    private static String handleOf(MemorySegment errno, String path) {
        try (Arena arena = Arena.ofConfined()) {
            long name = arena.allocateFrom(path, StandardCharsets.ISO_8859_1).address();
            int room = FileHandles.HANDLE_SIZE + FileHandles.MAX_HANDLE_SZ;
            MemorySegment handle = arena.allocate(room, Long.BYTES);
            Memory.putInt(handle.address(), FileHandles.MAX_HANDLE_SZ);
            long mount = arena.allocate(Integer.BYTES, Integer.BYTES).address();
            int result = FileHandles.nameToHandle(errno, name, handle.address(), mount);
            if (result < 0) {
                return "";
            }
            int length = FileHandles.HANDLE_SIZE + Memory.getInt(handle.address());
            return StandardCharsets.ISO_8859_1
                    .decode(handle.asSlice(0, length).asByteBuffer())
                    .toString();
        }
    }

    /** Looks up those that are not known. Parks if there are any. */
    void lookUp(Descriptor worker, Collection<String> handles) throws IOException {
        var unknown = handles.stream().filter(handle -> !known.containsKey(handle)).toList();
        if (unknown.isEmpty()) {
            return;
        }
        worker.blockingCall(
                "open_by_handle_at",
                (errno, number) -> {
                    lookUp(errno, unknown);
                    return 0;
                });
        while (known.size() > REMEMBERED) {
            known.pollFirstEntry();
        }
    }

    private void lookUp(MemorySegment errno, Collection<String> handles) {
        try (Arena arena = Arena.ofConfined()) {
            long name = arena.allocateFrom(root, StandardCharsets.ISO_8859_1).address();
            int mount = Fcntl.open(errno, name, Fcntl.O_RDONLY | Fcntl.O_CLOEXEC, 0);
            if (mount < 0) {
                return;
            }
            for (String handle : handles) {
                String path = pathOf(errno, arena, mount, handle);
                if (!path.isEmpty() && !path.endsWith(GONE)) {
                    known.put(handle, path);
                }
            }
            Unistd.close(errno, mount);
        }
    }

    private static String pathOf(MemorySegment errno, Arena arena, int mount, String handle) {
        byte[] raw = handle.getBytes(StandardCharsets.ISO_8859_1);
        long address =
                arena.allocate(raw.length, Long.BYTES)
                        .copyFrom(MemorySegment.ofArray(raw))
                        .address();
        int opened =
                FileHandles.openByHandle(errno, mount, address, Fcntl.O_PATH | Fcntl.O_CLOEXEC);
        if (opened < 0) {
            return "";
        }
        String path = Fanotify.pathOf(errno, opened);
        Unistd.close(errno, opened);
        return path;
    }

    /** Where a name is, absolute; the name alone if its directory is gone and was never known. */
    Path resolve(FanotifyEvent.Name name) {
        String directory = known.get(name.directory());
        boolean itself = ".".equals(name.name()) || name.name().isEmpty();
        if (directory == null) {
            return PathName.resolve(Path.of(""), name.name());
        }
        String below = directory.equals("/") ? "" : directory.substring(1);
        String full = itself ? below : below.isEmpty() ? name.name() : below + '/' + name.name();
        return PathName.resolve(Path.of("/"), full);
    }

    /** A directory was moved, or may have been: what is below it is elsewhere. True if so. */
    boolean forget(FanotifyEvent event) {
        boolean moved =
                event.is(SysFanotify.FAN_ONDIR)
                        && event.is(
                                SysFanotify.FAN_RENAME
                                        | SysFanotify.FAN_MOVED_FROM
                                        | SysFanotify.FAN_MOVED_TO);
        if (!moved && !event.is(SysFanotify.FAN_Q_OVERFLOW)) {
            return false;
        }
        String own = handleToKeep();
        known.keySet().removeIf(handle -> !handle.equals(own));
        return true;
    }

    private String handleToKeep() {
        for (Map.Entry<String, String> entry : known.entrySet()) {
            if (entry.getValue().equals(root)) {
                return entry.getKey();
            }
        }
        return "";
    }
}
