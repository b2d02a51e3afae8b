package dev.volokno.support;

import dev.volokno.fd.ByteStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Contents of streams. */
public final class Bytes {
    private static final int PERIOD = 251;

    private Bytes() {}

    public static ByteBuffer of(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** What was put into a buffer, which is cleared. */
    public static String text(ByteBuffer filled) {
        String text = StandardCharsets.ISO_8859_1.decode(filled.flip()).toString();
        filled.clear();
        return text;
    }

    /** What one read brings. */
    public static String read(ByteStream stream) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(1000);
        int count = stream.read(buffer);
        return count < 0 ? "end" : text(buffer);
    }

    /** So many bytes, in which each has its place. */
    public static byte[] pattern(int length) {
        var bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (i % PERIOD + i / 65_536);
        }
        return bytes;
    }

    /** Writes until the kernel takes no more. */
    public static void fill(ByteStream sink) throws IOException {
        ByteBuffer chunk = ByteBuffer.allocate(1_000_000);
        int written = 1;
        while (written > 0) {
            written = sink.tryWrite(chunk.clear());
        }
        // A call may have taken less than there was room for.
        while (sink.tryWrite(chunk.clear().limit(1)) > 0) {
            written++;
        }
    }
}
