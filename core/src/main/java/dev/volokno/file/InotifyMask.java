package dev.volokno.file;

import dev.volokno.linux.SysInotify;

/** What is asked of the kernel. */
final class InotifyMask {
    private static final int NAMES =
            SysInotify.IN_CREATE
                    | SysInotify.IN_DELETE
                    | SysInotify.IN_MOVED_FROM
                    | SysInotify.IN_MOVED_TO
                    | SysInotify.IN_DELETE_SELF
                    | SysInotify.IN_MOVE_SELF
                    | SysInotify.IN_ONLYDIR
                    | SysInotify.IN_EXCL_UNLINK;

    private InotifyMask() {}

    static int of(WatchOptions options) {
        int mask = NAMES;
        for (WatchOptions.Interest interest : options.interests()) {
            mask |=
                    switch (interest) {
                        case CONTENT -> SysInotify.IN_MODIFY;
                        case ATTRIBUTES -> SysInotify.IN_ATTRIB;
                        case WRITTEN -> SysInotify.IN_CLOSE_WRITE;
                        case OPENED -> SysInotify.IN_OPEN;
                        case ACCESSED -> SysInotify.IN_ACCESS;
                    };
        }
        return mask;
    }
}
