package dev.volokno.fd;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A stream, line by line. */
final class Lines implements Iterator<String> {
    private final ByteStream stream;
    private final Charset charset;
    private final ByteBuffer line;
    private @Nullable String next;
    private boolean ended;

    Lines(ByteStream stream, Charset charset, int max) {
        this.stream = stream;
        this.charset = charset;
        line = ByteBuffer.allocate(max);
    }

    static void check(Charset charset, int max) {
        if (max < 1) {
            throw new IllegalArgumentException("no room for a line: " + max);
        }
        if (!Arrays.equals("\n".getBytes(charset), new byte[] {'\n'})) {
            throw new IllegalArgumentException("lines do not end with the byte 10 in " + charset);
        }
    }

    @Override
    public boolean hasNext() {
        if (next == null && !ended) {
            next = read();
            ended = next == null;
        }
        return !ended;
    }

    @Override
    public String next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        String current = Objects.requireNonNull(next);
        next = null;
        return current;
    }

    private @Nullable String read() {
        try {
            int length = stream.readUntil(line.clear(), '\n');
            return length < 0 ? null : new String(line.array(), 0, withoutEnd(length), charset);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int withoutEnd(int length) {
        int end = length;
        if (end > 0 && line.get(end - 1) == '\n') {
            end--;
            if (end > 0 && line.get(end - 1) == '\r') {
                end--;
            }
        }
        return end;
    }
}
