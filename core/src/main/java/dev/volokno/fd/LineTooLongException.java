package dev.volokno.fd;

import java.io.IOException;

/**
 * No delimiter came within the room that was given. Nothing was consumed: the bytes are there for
 * the next read. Whoever goes on takes them by {@link ByteStream#read} first, or gives more room;
 * the same call again meets the same bytes.
 */
public final class LineTooLongException extends IOException {
    private static final long serialVersionUID = 1L;

    LineTooLongException(String message) {
        super(message);
    }
}
