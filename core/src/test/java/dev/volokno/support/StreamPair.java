package dev.volokno.support;

import dev.volokno.fd.ByteStream;
import java.io.Closeable;
import java.io.IOException;

/** Two ends of a connection: what is written to {@code sink} comes out of {@code source}. */
public record StreamPair(ByteStream source, ByteStream sink) implements Closeable {
    @Override
    public void close() throws IOException {
        try (sink) {
            source.close();
        }
    }
}
