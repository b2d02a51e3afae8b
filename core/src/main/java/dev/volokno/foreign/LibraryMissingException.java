package dev.volokno.foreign;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A C library is not installed, or too old; the message says which package brings it. */
public final class LibraryMissingException extends IOException {
    private static final long serialVersionUID = 1L;

    LibraryMissingException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
