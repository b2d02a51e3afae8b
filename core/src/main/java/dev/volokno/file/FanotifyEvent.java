package dev.volokno.file;

import org.jspecify.annotations.Nullable;

/**
 * An event of fanotify(7) that names its files by handles.
 *
 * @param at where it happened; null of an overflow
 * @param movedTo where a renamed file is now
 */
record FanotifyEvent(long mask, int pid, int pidfd, @Nullable Name at, @Nullable Name movedTo) {
    /**
     * A name in a directory.
     *
     * @param directory the handle, its type before it, as the kernel has them
     */
    record Name(String directory, String name) {}

    boolean is(long bit) {
        return (mask & bit) != 0;
    }
}
