package dev.volokno.fd;

import dev.volokno.descriptor.Kind;
import dev.volokno.linux.Fcntl;
import dev.volokno.linux.Unistd;
import java.io.Closeable;
import java.io.IOException;

/**
 * An anonymous pipe (pipe(7)): what is written to the {@link #sink} comes out of the {@link
 * #source}. When the sink is closed, the source ends after its last byte; when the source is
 * closed, writing fails with {@code EPIPE}, and no signal.
 */
public final class Pipe implements Closeable {
    private final PipeEnd source;
    private final PipeEnd sink;

    private Pipe(PipeEnd source, PipeEnd sink) {
        this.source = source;
        this.sink = sink;
    }

    /** Opens a pipe, non-blocking and close-on-exec, on the current loop. */
    public static Pipe open() throws IOException {
        int flags = Fcntl.O_CLOEXEC | Fcntl.O_NONBLOCK;
        Fd[] ends =
                Opening.two(
                        "pipe2",
                        Kind.PIPE,
                        (errno, numbers) -> Unistd.pipe2(errno, numbers, flags));
        return new Pipe(new PipeEnd(ends[0]), new PipeEnd(ends[1]));
    }

    /** The end to read from. */
    public PipeEnd source() {
        return source;
    }

    /** The end to write to. */
    public PipeEnd sink() {
        return sink;
    }

    /** Closes both ends. */
    @Override
    public void close() throws IOException {
        try (sink) {
            source.close();
        }
    }
}
