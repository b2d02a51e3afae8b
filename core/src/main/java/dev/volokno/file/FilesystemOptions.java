package dev.volokno.file;

import dev.volokno.file.WatchOptions.Interest;
import java.util.Set;

/**
 * What a {@link FilesystemWatcher} tells.
 *
 * @param extent how much is watched
 * @param processes whether events come with descriptors of the processes that caused them
 * @param interests what is told besides names
 */
public record FilesystemOptions(Extent extent, boolean processes, Set<Interest> interests) {
    /** Keeps a copy of the interests. */
    public FilesystemOptions {
        interests = Set.copyOf(interests);
    }

    /** Names, contents, attributes and the end of writing, without descriptors of processes. */
    public static FilesystemOptions of(Extent extent) {
        return new FilesystemOptions(extent, false, WatchOptions.directory().interests());
    }

    /** With descriptors of processes, which whoever takes an event has to close. */
    public FilesystemOptions withProcesses() {
        return new FilesystemOptions(extent, true, interests);
    }

    /** With these interests instead; none: names alone. */
    public FilesystemOptions interestedIn(Interest... chosen) {
        return new FilesystemOptions(extent, processes, Set.of(chosen));
    }
}
