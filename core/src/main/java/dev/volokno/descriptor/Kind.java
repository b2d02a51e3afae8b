package dev.volokno.descriptor;

import dev.volokno.HangUpException;
import dev.volokno.SystemCallException;
import dev.volokno.backend.Kernel;
import dev.volokno.backend.Pool;
import dev.volokno.linux.Errno;

/** What the library has to know of a descriptor besides its number. */
public enum Kind {
    /** A connected stream socket. */
    SOCKET(true, true, false),
    /** A socket without a byte stream of its own: listening, or for datagrams. */
    OTHER_SOCKET(true, false, false),
    PIPE(false, true, false),
    /**
     * A terminal or serial port: a short read may be one line of many, and closing may wait for
     * output.
     */
    TERMINAL(false, false, true),
    /**
     * A serial port: its end is an error, for nothing ends a line but a loss. It is raw, where a
     * short read takes all there is.
     */
    SERIAL(false, true, true),
    PTY_MASTER(false, false, false),
    /** A file that was written: some file systems send the rest when it is closed. */
    WRITTEN_FILE(false, false, true),
    /** The pipe of a signal handler, which has to be out of the way before it is closed. */
    SIGNALS(false, true, true),
    /** A pidfd; a child of ours is waited for before it is closed. */
    PROCESS(false, false, true),
    ANY(false, false, false);

    private final boolean socket;
    private final boolean shortMeansDrained;
    private final boolean closeBlocks;

    Kind(boolean socket, boolean shortMeansDrained, boolean closeBlocks) {
        this.socket = socket;
        this.shortMeansDrained = shortMeansDrained;
        this.closeBlocks = closeBlocks;
    }

    boolean isSocket() {
        return socket;
    }

    boolean shortMeansDrained() {
        return shortMeansDrained;
    }

    boolean closeBlocks() {
        return closeBlocks;
    }

    /** Which threads make a call that may block. */
    Pool pool() {
        return this == WRITTEN_FILE ? Pool.FILES : Pool.DEVICES;
    }

    /**
     * What a read's result means: bytes, 0 for the end of the stream, or the negated errno of a
     * failure.
     */
    public long meaningOfRead(long result) {
        return switch (this) {
            // All slaves are closed, and everything they wrote has been read.
            case PTY_MASTER -> Errno.EIO.is(result) ? 0 : result;
            // With VMIN 1 a read of nothing is the kernel's way to say that the line was hung up.
            case SERIAL -> result == 0 ? -Errno.EIO.number() : result;
            case SOCKET, OTHER_SOCKET, PIPE, TERMINAL, SIGNALS, PROCESS, WRITTEN_FILE, ANY ->
                    result;
        };
    }

    /** What a failed call on {@code target} throws. */
    SystemCallException failure(String call, long result, String target) {
        boolean hungUp = Errno.EIO.is(result) || Errno.ENODEV.is(result);
        return this == SERIAL && hungUp
                ? new HangUpException(call, Errno.nameOf(result), target)
                : Kernel.failure(call, result, target);
    }
}
