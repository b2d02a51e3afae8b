package dev.volokno.backend;

/**
 * What is known of how a file's bytes move, for {@link FileTransfer}: some of it from opening it,
 * some learned from what its file system refuses.
 */
public final class FileMedium {
    /** The bytes are in memory and nowhere else (tmpfs, memfd): no call waits for a disk. */
    final boolean memory;

    /** The page cache is passed by ({@code O_DIRECT}): every transfer waits for the disk. */
    final boolean direct;

    /** As far as is known, the file system can say that a call would wait. */
    volatile boolean readsAtOnce = true;

    volatile boolean writesAtOnce = true;

    private final int alignment;

    private FileMedium(boolean memory, boolean direct, int alignment) {
        this.memory = memory;
        this.direct = direct;
        this.alignment = alignment;
    }

    public static FileMedium memory() {
        return new FileMedium(true, false, 1);
    }

    public static FileMedium cached() {
        return new FileMedium(false, false, 1);
    }

    public static FileMedium direct(int alignment) {
        return new FileMedium(false, true, alignment);
    }

    /** What the place of a transfer has to be a multiple of. */
    public int alignment() {
        return alignment;
    }
}
