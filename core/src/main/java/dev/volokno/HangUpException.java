package dev.volokno;

/**
 * A serial line is gone: its device was unplugged, or the other end of a pseudo-terminal was
 * closed. Every waiter gets one, and so does every further call; close the port and open it anew
 * when it is back.
 */
public final class HangUpException extends SystemCallException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates one.
     *
     * @param call the system call that met it, as its manual page is named
     * @param errno the error's name, {@code EIO} as a rule
     * @param target what it was called on, such as {@code fd 7 /dev/ttyUSB0}
     */
    public HangUpException(String call, String errno, String target) {
        super(call, errno, target, "the line was hung up");
    }
}
