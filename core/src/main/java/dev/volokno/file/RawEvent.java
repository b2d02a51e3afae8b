package dev.volokno.file;

/**
 * A {@code struct inotify_event} (inotify(7)).
 *
 * @param batch which look at the kernel's queue brought it
 */
record RawEvent(int watch, int mask, int cookie, String name, Batch batch) {
    /** What one read has brought, and when. */
    record Batch(long number, long nanos) {}

    boolean is(int bit) {
        return (mask & bit) != 0;
    }
}
