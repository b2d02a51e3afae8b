package dev.volokno.file;

import dev.volokno.linux.SysFanotify;

/** How much of what a path belongs to is watched by fanotify(7). */
public enum Extent {
    /** The directory, and what is in it; not what is further below. */
    DIRECTORY(SysFanotify.FAN_MARK_ONLYDIR),
    /** All that is reached through the mount the path is on; needs {@code CAP_SYS_ADMIN}. */
    MOUNT(SysFanotify.FAN_MARK_MOUNT),
    /** The whole file system, wherever it is mounted; needs {@code CAP_SYS_ADMIN}. */
    FILESYSTEM(SysFanotify.FAN_MARK_FILESYSTEM);

    private final int markFlag;

    Extent(int markFlag) {
        this.markFlag = markFlag;
    }

    int markFlag() {
        return markFlag;
    }

    /** What is to be added to a mask of events. */
    long maskFlag() {
        return this == DIRECTORY ? SysFanotify.FAN_EVENT_ON_CHILD : 0;
    }
}
