package dev.volokno.file;

import dev.volokno.linux.Fcntl;

/** How a file will be used (posix_fadvise(2)). */
public enum Advice {
    /** Nothing is known. */
    NORMAL(Fcntl.POSIX_FADV_NORMAL),
    /** Here and there: nothing is read ahead. */
    RANDOM(Fcntl.POSIX_FADV_RANDOM),
    /** From front to back: more is read ahead. */
    SEQUENTIAL(Fcntl.POSIX_FADV_SEQUENTIAL),
    /** Soon: it is read into the page cache now. */
    WILL_NEED(Fcntl.POSIX_FADV_WILLNEED),
    /** No more: its pages are given back, as far as they are on the disk. */
    DONT_NEED(Fcntl.POSIX_FADV_DONTNEED),
    /** Once. */
    NO_REUSE(Fcntl.POSIX_FADV_NOREUSE);

    private final int number;

    Advice(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }
}
