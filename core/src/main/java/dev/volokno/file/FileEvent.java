package dev.volokno.file;

import java.nio.file.Path;

/**
 * Something that happened to a file or directory. Whoever applies {@link Created}, {@link Deleted}
 * and {@link Moved} to a set of paths, in the order they come, has the tree as it is.
 */
public sealed interface FileEvent {
    /** What it happened to; of a move, where that is now. */
    Path path();

    /**
     * It is there now: made, linked, or moved in from where nobody watches.
     *
     * @param directory whether it is a directory; a symbolic link never is
     */
    record Created(Path path, boolean directory) implements FileEvent {}

    /** Its content changed. */
    record Modified(Path path) implements FileEvent {}

    /** Its mode, owner, times, links or extended attributes changed. */
    record AttributesChanged(Path path) implements FileEvent {}

    /** A file that was open for writing was closed: mostly its content is complete. */
    record Written(Path path) implements FileEvent {}

    /** A file was opened. */
    record Opened(Path path) implements FileEvent {}

    /** A file was read. */
    record Accessed(Path path) implements FileEvent {}

    /**
     * It is not there any more: removed, or moved to where nobody watches. Everything in a
     * directory is told before the directory itself.
     */
    record Deleted(Path path, boolean directory) implements FileEvent {}

    /**
     * It was renamed, with everything in it if it is a directory. What {@code path} named before is
     * gone.
     *
     * @param from where it was
     */
    record Moved(Path from, Path path, boolean directory) implements FileEvent {}

    /**
     * The kernel has dropped events. What a watcher can find out by looking, it tells next, as
     * events like all others.
     *
     * @param path the watched directory
     */
    record Overflowed(Path path) implements FileEvent {}

    /**
     * A directory cannot be watched, and what happens in it is not told.
     *
     * @param reason the kernel's, such as {@code EACCES}
     */
    record Unwatched(Path path, String reason) implements FileEvent {}

    /** The watched thing itself is gone; no event follows. */
    record Ended(Path path, Reason reason) implements FileEvent {}

    /** Why a watch has ended. */
    enum Reason {
        /** It was removed. */
        DELETED,
        /** It was renamed or moved: it exists, and nobody knows where. */
        MOVED,
        /** The file system that holds it was unmounted. */
        UNMOUNTED
    }
}
