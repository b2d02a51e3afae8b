package dev.volokno.fd;

import dev.volokno.SystemCallException;
import dev.volokno.linux.Fcntl;
import java.io.IOException;

/** One end of a pipe or fifo (pipe(7)). */
public final class PipeEnd extends ByteStream {
    /**
     * What one write of so many bytes or fewer puts into the pipe stays together, whoever else
     * writes to it, in this process or another ({@code PIPE_BUF}): one {@link #write} of one
     * buffer. Longer writes may be torn apart by those of other processes, and so may a write of
     * several buffers.
     */
    public static final int ATOMIC = 4096;

    PipeEnd(Fd fd) {
        super(fd);
    }

    /** How many bytes the pipe holds at most; 64 KiB unless somebody has set it. */
    public int capacity() throws IOException {
        return (int)
                fd().descriptor()
                        .call(
                                "fcntl",
                                (errno, number) ->
                                        Fcntl.fcntl(errno, number, Fcntl.F_GETPIPE_SZ, 0));
    }

    /**
     * Asks that the pipe hold {@code bytes}, for all who use it.
     *
     * @return how many it holds now: a power of two of pages, at least as many as asked for
     * @throws SystemCallException with {@code EPERM} if that is more than an unprivileged process
     *     may have, with {@code EBUSY} if more than that is in the pipe now; it stays as it was
     */
    public int capacity(int bytes) throws IOException {
        if (bytes <= 0) {
            throw new IllegalArgumentException("a pipe holds at least one page, not " + bytes);
        }
        try {
            return (int)
                    fd().descriptor()
                            .call(
                                    "fcntl",
                                    (errno, number) ->
                                            Fcntl.fcntl(errno, number, Fcntl.F_SETPIPE_SZ, bytes));
        } catch (SystemCallException e) {
            String reason = reason(e.errno());
            if (reason.isEmpty()) {
                throw e;
            }
            String call = "fcntl(F_SETPIPE_SZ, " + bytes + ")";
            var failure = new SystemCallException(call, e.errno(), toString(), reason);
            failure.initCause(e);
            throw failure;
        }
    }

    private static String reason(String errno) {
        return switch (errno) {
            case "EPERM" ->
                    "more than /proc/sys/fs/pipe-max-size or pipe-user-pages-soft allow without"
                            + " CAP_SYS_RESOURCE";
            case "EBUSY" -> "more than that is in the pipe now";
            default -> "";
        };
    }
}
