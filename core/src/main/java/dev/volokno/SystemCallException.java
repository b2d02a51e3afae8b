package dev.volokno;

import java.io.IOException;

/** A system call failed: which one, with which errno, on what. */
public class SystemCallException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String call;
    private final String errno;

    /**
     * Creates one.
     *
     * @param call the system call, as its manual page is named
     * @param errno the error's name, such as {@code EIO}
     * @param target what it was called on, such as {@code fd 7 /dev/ttyUSB0}
     * @param message the C library's words for the error
     */
    public SystemCallException(String call, String errno, String target, String message) {
        super(call + ": " + errno + " on " + target + " (" + message + ")");
        this.call = call;
        this.errno = errno;
    }

    /** The system call that failed, as its manual page is named. */
    public String call() {
        return call;
    }

    /** The error's name, such as {@code EIO}. */
    public String errno() {
        return errno;
    }
}
